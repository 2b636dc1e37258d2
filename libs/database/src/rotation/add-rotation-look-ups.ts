import type { QueryRunner } from 'typeorm';
import { GROUP_ROLE, LOOKUP_ROLE } from '../provision/roles';

/** A table whose sealed columns `keys:rotate` must find across all tenants. */
export interface RotatedTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rowId: string;
  /** The column that names the workspace, or else the user, whose row it is. */
  readonly owner: string;
}

/** The function that lists what is left to rotate in a column. */
export const rotationLookUp = (table: string, column: string): string => `sealed_${table}_${column}`;

const ARGUMENTS = '(text, uuid, uuid, integer)';

/**
 * Lets rotation find the rows of all tenants whose value is sealed with another key than the current one. The functions
 * tell whose row it is, its id and the id of the key, never the value, and change nothing: the rows are changed within
 * their tenant, under row-level security.
 */
export async function addRotationLookUps(db: QueryRunner, rotated: RotatedTable): Promise<void> {
  const { table, columns, rowId, owner } = rotated;
  const readable = [...new Set([owner, rowId, ...columns])].join(', ');
  await db.query(`
    grant select (${readable}) on ${table} to ${LOOKUP_ROLE};
    create policy ${table}_rotation on ${table} for select to ${LOOKUP_ROLE} using (true);
    grant create on schema public to ${LOOKUP_ROLE};
  `);
  for (const column of columns) {
    const name = rotationLookUp(table, column) + ARGUMENTS;
    await db.query(functionOf(rotated, column));
    await db.query(`
      alter function ${name} owner to ${LOOKUP_ROLE};
      revoke all on function ${name} from public;
      grant execute on function ${name} to ${GROUP_ROLE};
    `);
  }
  await db.query(`revoke create on schema public from ${LOOKUP_ROLE}`);
}

/** Leaves the grants to the look-up role: other look-ups may need them. */
export async function dropRotationLookUps(db: QueryRunner, { table, columns }: RotatedTable): Promise<void> {
  for (const column of columns) await db.query(`drop function ${rotationLookUp(table, column)}${ARGUMENTS}`);
  await db.query(`drop policy ${table}_rotation on ${table}`);
}

/**
 * Looks at the `step` rows behind (`after_owner`, `after_row`) and returns those that are not under the key `current`,
 * and the last one looked at, from which the next step goes on. A step costs the same however large the table is.
 */
function functionOf({ table, rowId, owner }: RotatedTable, column: string): string {
  return `
    create function ${rotationLookUp(table, column)}(current text, after_owner uuid, after_row uuid, step integer)
    returns table (owner_id uuid, row_id uuid, kid text, is_last boolean)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select s.* from (
        select t.owner_id, t.row_id, t.kid, lead(t.row_id) over (order by t.owner_id, t.row_id) is null as is_last
        from (
          select r.${owner} as owner_id, r.${rowId} as row_id,
            case when left(r.${column}, 3) = 'v1.' then split_part(left(r.${column}, 40), '.', 2)
                 when r.${column} is not null then '' end as kid
          from public.${table} r where (r.${owner}, r.${rowId}) > (after_owner, after_row)
          order by r.${owner}, r.${rowId} limit step
        ) t
      ) s where s.kid <> current or s.is_last
    $$;
  `;
}
