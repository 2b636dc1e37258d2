import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { GROUP_ROLE, grantMembership, quoteIdentifier, quoteLiteral, runOnRoles } from './roles';

/** How the application signs in. */
export interface ApplicationLogin {
  name: string;
  password: string;
}

/** Milliseconds. Short on purpose: the application does no long work in a transaction (security.md, 3.1). */
export const APPLICATION_TIMEOUTS = { statement: 5_000, lock: 2_000, idleInTransaction: 10_000 } as const;

/** PostgreSQL cuts names at 63 bytes. */
const MAX_NAME_BYTES = 63;
/** RFC 7677 asks for at least 4096, which is PostgreSQL's default; the password is random, so more would add nothing. */
const SCRAM_ITERATIONS = 4096;

/** `<database>_app`; a long database name is cut and told apart by a hash. */
export function applicationLoginName(database: string): string {
  const name = `${database}_app`;
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const hash = createHash('sha256').update(database).digest('hex').slice(0, 12);
  return `${Buffer.from(database)
    .subarray(0, 40)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')}_${hash}_app`;
}

/** Creates or repairs the login: no superuser, no way around row-level security, a member of the group. Needs CREATEROLE. */
export async function ensureApplicationLogin(client: ClientBase, { name, password }: ApplicationLogin): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = $1', [name]);
  const role = quoteIdentifier(name);
  if (rows.length === 0) await runOnRoles(client, `create role ${role} login`);
  await runOnRoles(
    client,
    `alter role ${role} login nocreatedb nocreaterole inherit password ${quoteLiteral(scramVerifier(password))}`,
  );
  await setTimeouts(client, name);
}

/** Makes an existing login a member of the group and limits how long it may hold things up. */
export async function adoptApplicationLogin(client: ClientBase, name: string): Promise<void> {
  await grantMembership(client, GROUP_ROLE, name);
  await setTimeouts(client, name);
}

async function setTimeouts(client: ClientBase, name: string): Promise<void> {
  const role = quoteIdentifier(name);
  const { statement, lock, idleInTransaction } = APPLICATION_TIMEOUTS;
  await grantMembership(client, GROUP_ROLE, name);
  await runOnRoles(client, `alter role ${role} set statement_timeout = ${statement}`);
  await runOnRoles(client, `alter role ${role} set lock_timeout = ${lock}`);
  await runOnRoles(client, `alter role ${role} set idle_in_transaction_session_timeout = ${idleInTransaction}`);
}

/** What PostgreSQL stores of a SCRAM-SHA-256 password (RFC 5803), so that the password is never in a statement or a log. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
