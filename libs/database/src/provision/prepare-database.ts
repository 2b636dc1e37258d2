import { Client, type ClientBase, type PoolConfig } from 'pg';
import { DataSource } from 'typeorm';
import { DatabaseStartError } from '../database-start-error';
import { MIGRATIONS } from '../migrations';
import { ensureRoles, GROUP_ROLE, OWNER_ROLE } from './roles';

/** Work on the schema that another lib brings along, run as the owner at every start: it must be repeatable. */
export type OwnerStep = (client: ClientBase) => Promise<void>;

export interface Preparation {
  /** Signs in with the right to create roles, or as a member of the owner. */
  privileged: PoolConfig;
  /** Signs in as (or acts as) the owner. */
  owner: PoolConfig;
  /** The application's login. It is made if it is missing. */
  applicationLogin: string;
  /** What else there is to do with that login, by somebody with the right to create roles. */
  finishLogin?: (client: ClientBase) => Promise<void>;
  ownerSteps: readonly OwnerStep[];
}

/** Any number, the same in every process: starters wait for one another. */
const START_LOCK = 0x63637374;

/**
 * Brings roles, privileges and schema up to date. Several processes may start at once: they queue at an advisory lock.
 *
 * @throws DatabaseStartError when the privileged login may not do it
 */
export async function prepareDatabase(preparation: Preparation): Promise<void> {
  const { privileged, owner, ownerSteps } = preparation;
  await withClient(privileged, async (client) => {
    await client.query('select pg_advisory_lock($1)', [START_LOCK]);
    try {
      await prepareRoles(client, preparation);
      await migrate(owner);
      for (const step of ownerSteps) await withClient(owner, step);
    } finally {
      await client.query('select pg_advisory_unlock($1)', [START_LOCK]);
    }
  });
}

export async function withClient<T>(config: PoolConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(config);
  client.on('error', () => undefined); // the query that waits rejects too
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Names of migrations this version has and the database has not. */
export async function pendingMigrations(client: Pick<ClientBase, 'query'>): Promise<string[]> {
  const { rows } = await client.query<{ present: boolean }>(
    `select to_regclass('public.migrations') is not null as present`,
  );
  if (!rows[0]?.present) return MIGRATIONS.map(({ name }) => name);
  const applied = await client.query<{ name: string }>('select name from public.migrations');
  const names = new Set(applied.rows.map(({ name }) => name));
  return MIGRATIONS.map(({ name }) => name).filter((name) => !names.has(name));
}

async function prepareRoles(
  client: ClientBase,
  { applicationLogin, finishLogin }: Pick<Preparation, 'applicationLogin' | 'finishLogin'>,
): Promise<void> {
  const { rows } = await client.query<{ mayCreate: boolean }>(
    `select rolsuper or rolcreaterole as "mayCreate" from pg_roles where rolname = current_user`,
  );
  if (!rows[0]?.mayCreate) return requireOwnership(client);
  await ensureRoles(client, applicationLogin);
  await finishLogin?.(client);
}

async function requireOwnership(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ isOwner: boolean }>(
    `select exists (select from pg_roles where rolname = $1 and pg_has_role(current_user, oid, 'MEMBER')) as "isOwner"`,
    [OWNER_ROLE],
  );
  if (rows[0]?.isOwner) return;
  throw new DatabaseStartError(
    `The owner login may neither create roles nor act as ${OWNER_ROLE}; run roles.sql first or give it CREATEROLE`,
  );
}

async function migrate(owner: PoolConfig): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    extra: { ...owner, max: 1 },
    installExtensions: false,
    migrations: [...MIGRATIONS],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
    await dataSource.query(`revoke all on migrations from public; grant select on migrations to ${GROUP_ROLE}`);
  } finally {
    await dataSource.destroy();
  }
}
