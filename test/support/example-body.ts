import { randomUUID } from 'node:crypto';
import type { Operation, Schema } from './open-api';

type Body = Record<string, unknown>;

/**
 * What the schema alone does not tell: bodies of operations whose fields depend on each other or on the outside. By the
 * name of the operation.
 */
const BODIES: Readonly<Record<string, () => Body>> = {
  'PUT /v1/workspaces/{workspaceId}/embeds/{embedId}': () => ({ name: 'Renamed' }),
  'PUT /v1/workspaces/{workspaceId}/snippets/{snippetId}': () => ({ answer: 'Changed.' }),
  // Nobody has a name that ends so (RFC 2606), and the same address is not taken twice.
  'POST /v1/workspaces/{workspaceId}/sources': () => ({ kind: 'url', url: `https://${randomUUID()}.example/` }),
  'POST /v1/workspaces/{workspaceId}/api-keys': () => ({ name: 'Example', scopes: ['documents.read'] }),
};

/**
 * A body the operation accepts; undefined for an operation without one.
 *
 * @param known values by the name of the field, for operations that look for somebody
 */
export function exampleBody(operation: Operation, known: Body = {}): Body | undefined {
  const own = BODIES[operation.name];
  if (own) return own();
  if (!operation.body) return undefined;
  const body = exampleOf(operation.body) as Body; // a body's schema is an object's
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, known[name] ?? value]));
}

/** The query an operation cannot do without, with its question mark; empty for most. */
export function exampleQuery({ queryParameters }: Operation): string {
  const required = queryParameters.filter(({ isRequired }) => isRequired);
  const query = new URLSearchParams(
    Object.fromEntries(required.map(({ name, schema }) => [name, String(exampleOf(schema))])),
  );
  return query.size > 0 ? `?${query.toString()}` : '';
}

/** A value the schema allows, with the required fields alone. */
function exampleOf(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items ?? {}));
    case 'string':
      return textOf(schema);
    default:
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, exampleOf(schema.properties?.[name] ?? {})]),
      );
  }
}

function textOf({ format, minLength = 1 }: Schema): string {
  if (format === 'uuid') return randomUUID();
  if (format === 'email') return `${randomUUID()}@example.com`;
  if (format === 'date-time') return new Date(Date.now() + 86_400_000).toISOString();
  return 'Example'.padEnd(minLength, ' text');
}

/** The fields that take any text. */
export const textFields = (schema: Schema | null): string[] =>
  Object.entries(schema?.properties ?? {})
    .filter(([, { type, format, enum: values }]) => type === 'string' && format === undefined && values === undefined)
    .map(([name]) => name);

/** The fields of a body or a query that name something by its id. */
export function idFields(schema: Schema | null): string[] {
  return Object.entries(schema?.properties ?? {})
    .filter(([name, field]) => field.format === 'uuid' || field.items?.format === 'uuid' || /Ids?$/.test(name))
    .map(([name]) => name);
}
