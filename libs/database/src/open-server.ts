import { Client, type PoolConfig } from 'pg';
import { hmacSha256 } from '@app/crypto';
import type { DatabaseAccess, DatabaseConnection } from './database-access';
import { DatabaseStartError } from './database-start-error';
import { errorCode } from './error-code';
import { type ApplicationLogin, applicationLoginName, setApplicationPassword } from './provision/application-login';
import { whyUnreachable } from './why-unreachable';
import { type OwnerStep, pendingMigrations, prepareDatabase, withClient } from './provision/prepare-database';
import { OWNER_ROLE } from './provision/roles';

export interface ServerOptions {
  url: string;
  ownerUrl: string | null;
  /** The application login's password is derived from it, so every process of an installation finds the same. */
  secret: Buffer;
  /** Refuses a privileged `url`: in production the application never holds the keys to its own tables. */
  isProduction: boolean;
  ownerSteps: readonly OwnerStep[];
}

interface LoginRights {
  user: string;
  database: string;
  isPrivileged: boolean;
}

/** invalid_password, invalid_authorization_specification (also "role does not exist"), no CONNECT privilege. */
const LOGIN_REFUSED = new Set(['28P01', '28000', '42501']);

/**
 * Prepares a PostgreSQL server as far as the given logins allow.
 *
 * @throws DatabaseStartError that names the setting to change and prints no value
 */
export async function openServer(options: ServerOptions): Promise<DatabaseAccess> {
  const rights = await rightsOf(options.url);
  if (options.ownerUrl !== null) return openWithOwner(options, options.ownerUrl, rights);
  if (!rights.isPrivileged) return openMigrated(options);
  if (options.isProduction) {
    throw new DatabaseStartError(
      'DATABASE_URL is the login of a superuser or may create roles; give the application a login of its own, ' +
        'and the privileged one to the migration only (DATABASE_OWNER_URL)',
    );
  }
  return openAsPrivileged(options, rights);
}

/** Development and tests: one privileged login does everything, and the pool signs in as a login made for it. */
async function openAsPrivileged(
  { url, secret, ownerSteps }: ServerOptions,
  rights: LoginRights,
): Promise<DatabaseAccess> {
  const login: ApplicationLogin = {
    name: applicationLoginName(rights.database),
    password: hmacSha256(secret, `database-login:${rights.database}`).toString('base64url'),
  };
  const application: DatabaseConnection = { connectionString: withLogin(url, login) };
  await prepareDatabase({
    privileged: { connectionString: url },
    owner: asOwner(url),
    applicationLogin: login.name,
    finishLogin: async (client) => {
      if (!(await canSignIn(application))) await setApplicationPassword(client, login);
    },
    ownerSteps,
  });
  return { application, close: () => Promise.resolve() };
}

async function openWithOwner(
  { url, ownerSteps }: ServerOptions,
  ownerUrl: string,
  rights: LoginRights,
): Promise<DatabaseAccess> {
  if (rights.isPrivileged) {
    throw new DatabaseStartError('DATABASE_URL must not be the login of a superuser or one that may create roles');
  }
  await prepareDatabase({
    privileged: { connectionString: ownerUrl },
    owner: asOwner(ownerUrl),
    applicationLogin: rights.user,
    ownerSteps,
  });
  return { application: { connectionString: url }, close: () => Promise.resolve() };
}

/** The application's own login is all there is: somebody must have migrated before. */
async function openMigrated({ url }: ServerOptions): Promise<DatabaseAccess> {
  const pending = await withClient({ connectionString: url }, pendingMigrations);
  if (pending.length > 0) {
    throw new DatabaseStartError(
      `The database lacks ${pending.length} migration(s) and the login in DATABASE_URL may not run them; ` +
        'run the migrate command with DATABASE_OWNER_URL first',
    );
  }
  return { application: { connectionString: url }, close: () => Promise.resolve() };
}

async function rightsOf(url: string): Promise<LoginRights> {
  try {
    return await withClient({ connectionString: url }, async (client) => {
      const { rows } = await client.query<LoginRights>(
        `select rolname as user, current_database() as database,
                rolsuper or rolcreaterole or rolbypassrls as "isPrivileged"
         from pg_roles where rolname = current_user`,
      );
      const rights = rows[0];
      if (!rights) throw new DatabaseStartError('The login in DATABASE_URL is not a role of the database');
      return rights;
    });
  } catch (error) {
    if (error instanceof DatabaseStartError) throw error;
    throw new DatabaseStartError(`The database in DATABASE_URL cannot be reached${whyUnreachable(error)}`, error);
  }
}

async function canSignIn(application: DatabaseConnection): Promise<boolean> {
  const client = new Client(application);
  client.on('error', () => undefined); // connect rejects too
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (LOGIN_REFUSED.has(errorCode(error) ?? '')) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The same login, acting as the owner from its first statement on. */
const asOwner = (connectionString: string): PoolConfig => ({
  connectionString,
  options: `-c role=${OWNER_ROLE} -c search_path=public -c statement_timeout=0`,
});

function withLogin(url: string, { name, password }: ApplicationLogin): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(name);
  changed.password = encodeURIComponent(password);
  return changed.toString();
}
