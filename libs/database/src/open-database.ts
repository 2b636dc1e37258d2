import { DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { DatabaseConfig } from '@app/config';
import { Database } from './database';
import type { DatabaseAccess } from './database-access';
import { DatabaseStartError } from './database-start-error';
import { openEmbedded } from './open-embedded';
import { openServer } from './open-server';
import type { OwnerStep } from './provision/prepare-database';
import { PreparingClient } from './preparing-client';
import { OWNER_ROLE } from './provision/roles';
import { WatchedClient } from './watched-client';

export interface OpenDatabaseOptions {
  /** At least 32 bytes, the same in every process of an installation. Needed where a PostgreSQL login is made. */
  secret: Buffer;
  /** Entities of every lib that has tables. */
  entities?: readonly EntityTarget<ObjectLiteral>[];
  /** What other libs do to the schema at every start, as the owner. */
  ownerSteps?: readonly OwnerStep[];
  /** Refuses a privileged application login. */
  isProduction?: boolean;
}

/** Waiting longer for a free connection helps nobody who waits for an answer. */
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;

/**
 * Starts the embedded database in `dataDir` (when `config.url` is null) or connects to the server, creates what roles
 * are missing, migrates and connects the application's pool.
 *
 * @throws DatabaseStartError with a message for the operator
 */
export async function openDatabase(
  config: DatabaseConfig,
  dataDir: string,
  { secret, entities = [], ownerSteps = [], isProduction = false }: OpenDatabaseOptions,
): Promise<Database> {
  const { url, ownerUrl, poolSize } = config;
  const access =
    url === null
      ? await openEmbedded(dataDir, ownerSteps)
      : await openServer({ url, ownerUrl, secret, isProduction, ownerSteps });
  return connectApplication(access, poolSize, entities);
}

/** Connects the application's pool to a database that is ready. */
export async function connectApplication(
  access: DatabaseAccess,
  poolSize: number,
  entities: readonly EntityTarget<ObjectLiteral>[],
): Promise<Database> {
  const dataSource = new DataSource({
    type: 'postgres',
    applicationName: 'customercare',
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      ...access.application,
      // A URL leads over a network; the embedded database is in this process.
      Client: access.application.connectionString === undefined ? PreparingClient : WatchedClient,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      keepAlive: true,
    },
    installExtensions: false,
    entities: [...entities] as never[], // TypeORM's own union of targets, which no exported type names
    logging: false,
    poolErrorHandler: () => undefined, // the pool drops the client; who waits for it gets the error
  });
  const database = new Database(dataSource, access);
  try {
    await dataSource.initialize();
    await refusePrivileges(dataSource);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Row-level security means nothing to a superuser, to BYPASSRLS or to an owner who could switch it off. */
async function refusePrivileges(dataSource: DataSource): Promise<void> {
  const rows = await dataSource.query<{ isUnsafe: boolean }[]>(
    `select rolsuper or rolbypassrls or exists (
       select from pg_roles o where o.rolname = $1 and pg_has_role(current_user, o.oid, 'MEMBER')
     ) or exists (
       select from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
         and pg_has_role(current_user, c.relowner, 'MEMBER')
     ) as "isUnsafe" from pg_roles where rolname = current_user`,
    [OWNER_ROLE],
  );
  if (!rows[0]?.isUnsafe) return;
  throw new DatabaseStartError(
    'The login in DATABASE_URL is not bound by row-level security; give the application one that is',
  );
}
