import type { ClientBase } from 'pg';
import { errorCode } from '../error-code';

/** Owns every table; nobody signs in as it. Migrations run as it. */
export const OWNER_ROLE = 'app_owner';
/** Group that policies and grants name; application logins are its members. */
export const GROUP_ROLE = 'authenticated_users';
/** Owns the look-up functions and may read just the columns they return, through policies of its own. */
export const LOOKUP_ROLE = 'app_lookup';

/**
 * Errors that mean another database of the same server is being set up at this moment: roles belong to the server, and
 * advisory locks to one database. duplicate_object, unique_violation, "tuple concurrently updated" (an internal_error).
 */
const RACE_CODES = new Set(['42710', '23505', 'XX000']);
const MAX_ATTEMPTS = 6;

export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Runs a statement on roles again when another starter got in its way. */
export async function runOnRoles(client: ClientBase, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      const code = errorCode(error) ?? '';
      if (code === '42710') return; // the role is there, which is what was wanted
      if (!RACE_CODES.has(code) || attempt >= MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt));
    }
  }
}

/** Creates what of the three roles is missing. Needs CREATEROLE. */
export async function ensureRoles(client: ClientBase): Promise<void> {
  const wanted = [OWNER_ROLE, GROUP_ROLE, LOOKUP_ROLE];
  const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = any ($1)', [
    wanted,
  ]);
  const present = new Set(rows.map(({ rolname }) => rolname));
  for (const role of wanted.filter((name) => !present.has(name)))
    await runOnRoles(client, `create role ${role} nologin`);
  await grantMembership(client, LOOKUP_ROLE, OWNER_ROLE); // the owner hands the look-up functions over to it
}

/**
 * `grant role to member`, unless it may use the role already: a needless GRANT is a needless race. Being a member is not
 * enough to ask for: since PostgreSQL 16 whoever creates a role becomes one that may only administer it.
 */
export async function grantMembership(client: ClientBase, role: string, member: string): Promise<void> {
  const { rows } = await client.query<{ has: boolean }>(`select pg_has_role($1, $2, 'USAGE') as has`, [member, role]);
  if (!rows[0]?.has) await runOnRoles(client, `grant ${quoteIdentifier(role)} to ${quoteIdentifier(member)}`);
}
