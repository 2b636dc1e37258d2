import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomToken } from '@app/crypto';
import type { DatabaseConfig } from '@app/config';
import { Client, type ClientBase, type PoolConfig } from 'pg';
import { DatabaseStartError } from './database-start-error';
import { EmbeddedDatabase } from './embedded/embedded-database';
import { AUDIT_ROLE } from './provision/roles';

/** Walking a chain of millions of rows takes minutes. */
const TIMEOUT_MS = 3_600_000;

/**
 * Runs `work` with a client that reads the audit trail of all workspaces as it was at one moment, and changes nothing:
 * it acts as the audit role in a read-only transaction. No login of the application may do that. On a server it needs
 * `DATABASE_OWNER_URL` (in development a privileged `DATABASE_URL` will do); the embedded database must be at rest.
 *
 * @throws DatabaseStartError with a message for the operator
 */
export async function withAuditReader<T>(
  { url, ownerUrl }: DatabaseConfig,
  dataDir: string,
  work: (client: ClientBase) => Promise<T>,
): Promise<T> {
  if (url !== null) return withReader(ownReader(ownerUrl ?? url), work);
  if (!existsSync(join(dataDir, 'database'))) throw new DatabaseStartError(`There is no database in ${dataDir}`);
  const embedded = await EmbeddedDatabase.open(dataDir);
  try {
    const timeouts = { statementTimeoutMs: TIMEOUT_MS, idleInTransactionTimeoutMs: TIMEOUT_MS };
    const login = embedded.allow({ name: AUDIT_ROLE, password: randomToken(), kind: 'application', ...timeouts });
    return await withReader(login, work);
  } finally {
    await embedded.close();
  }
}

async function withReader<T>(config: PoolConfig, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = new Client(config);
  client.on('error', () => undefined); // the query that waits rejects too
  try {
    await client.connect();
    await client.query('start transaction isolation level repeatable read, read only');
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new DatabaseStartError(
      `The audit trail cannot be read as ${AUDIT_ROLE}: migrate first, and name a login in DATABASE_OWNER_URL that may act as it`,
      error,
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const ownReader = (connectionString: string): PoolConfig => ({
  connectionString,
  options: `-c role=${AUDIT_ROLE} -c search_path=public -c statement_timeout=0 -c default_transaction_read_only=on`,
});
