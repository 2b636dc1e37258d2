import { idFields } from './example-body';
import type { Operation } from './open-api';

/** One field with a value that must not be taken there. */
export interface WrongId<Value = unknown> {
  field: string;
  value: Value;
  /** What the refusal may be: 404 or nothing found for an id of others, 400 for what is none, or is not asked for. */
  allowed: number[];
}

type Ids = Readonly<Record<string, string>>;

/** What somebody may write into a body to reach what has one of the `foreign` ids, by the names of path parameters. */
export function wrongIdsInBody({ body }: Operation, foreign: Ids): WrongId[] {
  const ids = Object.values(foreign);
  const values = [...ids, ...ids.map((id) => [id]), '', [], [''], null, 'me', '1', ' ', { id: ids[0] }];
  return [
    ...idFields(body).flatMap((field) => values.map((value) => ({ field, value, allowed: [400, 404] }))),
    ...undeclared(Object.keys(body?.properties ?? {}), foreign),
  ];
}

/** The same for a query. A field of the query that takes any text may find nothing for what is no id. */
export function wrongIdsInQuery({ queryParameters }: Operation, foreign: Ids): WrongId<string>[] {
  const ids = Object.values(foreign);
  const noIds = ['', 'null', '[]', 'me', ids.slice(0, 2).join()];
  const declared = queryParameters.filter(
    ({ name, schema }) => idFields({ properties: { [name]: schema } }).length > 0,
  );
  return [
    ...declared.flatMap(({ name: field, schema }) => [
      ...ids.map((value) => ({ field, value, allowed: [200, 404] })),
      ...noIds.map((value) => ({ field, value, allowed: schema.format === 'uuid' ? [400] : [200, 400] })),
    ]),
    // What a route without a query is given there is not read.
    ...(queryParameters.length > 0
      ? undeclared(
          queryParameters.map(({ name }) => name),
          foreign,
        )
      : []),
  ];
}

function undeclared(declared: readonly string[], foreign: Ids): WrongId<string>[] {
  return Object.entries({ ...foreign, id: foreign['workspaceId'] ?? '' })
    .filter(([field]) => !declared.includes(field))
    .map(([field, value]) => ({ field, value, allowed: [400] }));
}
