import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { errorCode } from '../error-code';

/** Owns every table; nobody signs in as it. Migrations run as it. */
export const OWNER_ROLE = 'app_owner';
/** Group that policies and grants name; application logins are its members. */
export const GROUP_ROLE = 'authenticated_users';
/** Owns the look-up functions and may read just the columns they return, through policies of its own. */
export const LOOKUP_ROLE = 'app_lookup';
/** Owns what chains the audit trail, and reads the trail of all workspaces to verify it. No login is a member. */
export const AUDIT_ROLE = 'app_audit';

/** The file a DBA may run instead. It is copied beside the compiled code. */
export const ROLES_SQL = readFileSync(join(__dirname, 'roles.sql'), 'utf8');

/**
 * Errors that mean another database of the same server is being set up at this moment: roles belong to the server, and
 * advisory locks to one database. duplicate_object, unique_violation, "tuple concurrently updated" (an internal_error).
 */
const RACE_CODES = new Set(['42710', '23505', 'XX000']);
const MAX_ATTEMPTS = 8;

export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Runs statements on roles again when another starter got in their way. They must be repeatable. */
export async function runOnRoles(client: ClientBase, sql: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      if (!RACE_CODES.has(errorCode(error) ?? '') || attempt >= MAX_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * attempt));
    }
  }
}

/**
 * Brings roles, memberships and privileges up to date, and `applicationLogin` with them: it is made if it is missing,
 * becomes a member of the group, and is limited in how long it may hold things up. Needs CREATEROLE.
 */
export async function ensureRoles(client: ClientBase, applicationLogin: string): Promise<void> {
  await client.query(`select set_config('customercare.application_login', $1, false)`, [applicationLogin]);
  await runOnRoles(client, ROLES_SQL);
}
