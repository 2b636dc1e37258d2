import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { ClientBase } from 'pg';
import { quoteIdentifier, quoteLiteral, runOnRoles } from './roles';

/** How the application signs in. */
export interface ApplicationLogin {
  name: string;
  password: string;
}

/** Milliseconds, as in roles.sql. For the embedded engine, whose sessions are no roles' own. */
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

/** Gives the login its password and takes from it what an application must not do. Needs CREATEROLE. */
export async function setApplicationPassword(client: ClientBase, { name, password }: ApplicationLogin): Promise<void> {
  const rights = 'login nocreatedb nocreaterole inherit';
  await runOnRoles(
    client,
    `alter role ${quoteIdentifier(name)} ${rights} password ${quoteLiteral(scramVerifier(password))}`,
  );
}

/** What PostgreSQL stores of a SCRAM-SHA-256 password (RFC 5803), so that the password is never in a statement or a log. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
