import { randomToken } from '@app/crypto';
import type { DatabaseAccess, DatabaseConnection } from './database-access';
import { EmbeddedDatabase } from './embedded/embedded-database';
import { restrictEmbeddedSession } from './embedded/restrict-session';
import { APPLICATION_TIMEOUTS } from './provision/application-login';
import { type OwnerStep, prepareDatabase } from './provision/prepare-database';
import { OWNER_ROLE } from './provision/roles';

const SUPERUSER = 'postgres';
const APPLICATION_LOGIN = 'customercare_app';
/** A migration may rewrite a table. */
const OWNER_TIMEOUT_MS = 600_000;

export interface EmbeddedAccess extends DatabaseAccess {
  /** Lets the superuser in again: for tests that look behind row-level security. */
  allowSuperuser(): DatabaseConnection;
}

/**
 * Starts the embedded database, brings it up to date and shuts the privileged logins out again. The application's
 * password is new at every start: it only has to reach the pools of this process.
 */
export async function openEmbedded(dataDir: string, ownerSteps: readonly OwnerStep[]): Promise<EmbeddedAccess> {
  const embedded = await EmbeddedDatabase.open(dataDir);
  try {
    const longRunning = { statementTimeoutMs: OWNER_TIMEOUT_MS, idleInTransactionTimeoutMs: OWNER_TIMEOUT_MS };
    const owning = (name: string) => ({ name, password: randomToken(), kind: 'owner' as const, ...longRunning });
    await prepareDatabase({
      privileged: embedded.allow(owning(SUPERUSER)),
      owner: embedded.allow(owning(OWNER_ROLE)),
      applicationLogin: APPLICATION_LOGIN,
      finishLogin: restrictEmbeddedSession,
      ownerSteps,
    });
    await embedded.revoke(SUPERUSER);
    await embedded.revoke(OWNER_ROLE);
    const application = embedded.allow({
      name: APPLICATION_LOGIN,
      password: randomToken(),
      kind: 'application',
      statementTimeoutMs: APPLICATION_TIMEOUTS.statement,
      idleInTransactionTimeoutMs: APPLICATION_TIMEOUTS.idleInTransaction,
    });
    return { application, allowSuperuser: () => embedded.allow(owning(SUPERUSER)), close: () => embedded.close() };
  } catch (error) {
    await embedded.close();
    throw error;
  }
}
