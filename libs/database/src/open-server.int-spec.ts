import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Client } from 'pg';
import { DatabaseStartError } from './database-start-error';
import { openDatabase } from './open-database';
import { findIsolationFaults } from './isolation/find-isolation-faults';
import { migrationSql } from './provision/migration-sql';
import { scramVerifier } from './provision/application-login';
import { withClient } from './provision/prepare-database';
import { isPostgresReachable, postgresUrl } from './testing/postgres-url';

const suite = isPostgresReachable() ? describe : describe.skip;

suite('A PostgreSQL server (skipped when none answers)', () => {
  const secret = randomBytes(32);
  const run = randomBytes(5).toString('hex');
  const names: string[] = [];
  const roles: string[] = [];

  const admin = (sql: string, database = 'postgres') =>
    withClient({ connectionString: urlOf(database) }, (client: Client) => client.query(sql));
  const urlOf = (database: string, login?: string): string => {
    const url = new URL(postgresUrl());
    url.pathname = `/${database}`;
    if (login) [url.username, url.password] = [login, 'secret'];
    return url.toString();
  };
  const createDatabase = async (owner?: string): Promise<string> => {
    const name = `customercare_test_${run}_${names.length}`;
    names.push(name);
    roles.push(`${name}_app`);
    await admin(`create database ${name} ${owner ? `owner ${owner}` : ''}`);
    return name;
  };
  const createLogin = async (name: string, attributes = ''): Promise<string> => {
    roles.push(`${name}_${run}`);
    await admin(`create role ${name}_${run} login password 'secret' ${attributes}`);
    return `${name}_${run}`;
  };
  const open = (url: string, ownerUrl: string | null = null, isProduction = false) =>
    openDatabase({ url, ownerUrl, poolSize: 2 }, tmpdir(), { secret, isProduction });

  afterAll(async () => {
    for (const name of names) await admin(`drop database if exists ${name} with (force)`);
    for (const role of roles) await admin(`drop role if exists ${role}`);
  });

  it('given a superuser, makes a bound login for the application', async () => {
    const name = await createDatabase();
    const database = await open(urlOf(name));
    const rows = await database.dataSource.query<unknown[]>(
      `select current_user::text as login, current_setting('statement_timeout') as statement,
         current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    expect(rows).toEqual([{ login: `${name}_app`, statement: '5s', lock: '2s', idle: '10s' }]);
    expect(await findIsolationFaults(database)).toEqual([]);
    await database.close();
  });

  it('lets several processes start on a new database at once', async () => {
    const fresh = [await createDatabase(), await createDatabase()];
    const opened = await Promise.all([...fresh, ...fresh, ...fresh].map((name) => open(urlOf(name))));
    for (const database of opened) {
      expect(await database.dataSource.query(`select count(*)::int as n from users`)).toEqual([{ n: 0 }]);
      await database.close();
    }
  });

  it('in production refuses a superuser, or one who makes roles, as the application', async () => {
    const name = await createDatabase();
    await expect(open(urlOf(name), null, true)).rejects.toThrow(/DATABASE_URL/);
    await expect(open(urlOf(name), urlOf(name), true)).rejects.toThrow(/DATABASE_URL/);
    const maker = await createLogin('maker', 'createrole');
    await expect(open(urlOf(name, maker), null, true)).rejects.toThrow(DatabaseStartError);
  });

  it('migrates with the owner’s login and works with the application’s own', async () => {
    const [owner, application] = [await createLogin('owner', 'createrole'), await createLogin('application')];
    // A role that may create roles may still not hand out those that others created before it.
    await admin(`grant app_owner, authenticated_users, app_lookup, app_audit to ${owner} with admin option`).catch(
      () => undefined,
    );
    const name = await createDatabase(owner);
    await admin(`alter schema public owner to ${owner}`, name);
    await admin(`grant connect on database ${name} to ${application}`);
    const database = await open(urlOf(name, application), urlOf(name, owner), true);
    expect(await database.dataSource.query('select current_user::text as login')).toEqual([{ login: application }]);
    expect(await findIsolationFaults(database)).toEqual([]);
    await database.close();

    const later = await open(urlOf(name, application), null, true);
    expect(await later.dataSource.query('select count(*)::int as n from workspaces')).toEqual([{ n: 0 }]);
    await later.close();
  });

  it('B14 B15 works on a database that a DBA prepared with the printed script, and finds no fault in it', async () => {
    const name = await createDatabase();
    const login = await createLogin('clerk');
    await admin(`set customercare.application_login = '${login}'; ${await migrationSql()}`, name);
    const database = await open(urlOf(name, login), null, true);
    expect(await findIsolationFaults(database)).toEqual([]);
    const rights = `select has_table_privilege('documents', 'select, insert, update, delete') as own,
      has_table_privilege('audit_events', 'update') or has_table_privilege('audit_events', 'delete') as rewrites,
      has_table_privilege('migrations', 'insert') as migrates`;
    expect(await database.dataSource.query(rights)).toEqual([{ own: true, rewrites: false, migrates: false }]);
    await database.close();
  });

  it('B15 keeps the application out of a table the owner makes later, until a migration grants it', async () => {
    const name = await createDatabase();
    const database = await open(urlOf(name));
    const reading = () => database.dataSource.query('select * from later');
    await admin('set role app_owner; create table later (workspace_id uuid)', name);
    await expect(reading()).rejects.toMatchObject({ code: '42501' });
    await admin('set role app_owner; grant select on later to authenticated_users', name);
    await expect(reading()).resolves.toEqual([]);
    expect(await findIsolationFaults(database)).not.toEqual([]); // granted without protection: the catalogue says so
    await database.close();
  });

  it('says that migrations are missing when nobody may run them', async () => {
    const application = await createLogin('early');
    const name = await createDatabase();
    await expect(open(urlOf(name, application), null, true)).rejects.toThrow(/lacks \d+ migration.*DATABASE_OWNER_URL/);
  });

  it('refuses a login that row-level security does not bind', async () => {
    const name = await createDatabase();
    await (await open(urlOf(name))).close();
    const insider = await createLogin('insider', 'in role app_owner');
    await expect(open(urlOf(name, insider), null, true)).rejects.toThrow(/not bound by row-level security/);
  });

  it('says that a server cannot be reached, without showing the password', async () => {
    const fault: unknown = await open('postgres://someone:hunter2@127.0.0.1:1/x').catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(DatabaseStartError);
    expect(String(fault)).toContain('DATABASE_URL');
    expect(String(fault)).not.toContain('hunter2');
  });

  it('hands PostgreSQL a password verifier that it accepts as its own', async () => {
    const name = await createLogin('verified');
    await admin(`alter role ${name} password '${scramVerifier('pässword')}'`);
    const { rows } = await admin(`select rolpassword from pg_authid where rolname = '${name}'`);
    const [row] = rows as { rolpassword: string }[];
    expect(row?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/);
    const salt = Buffer.from(row?.rolpassword.split(/[:$]/)[2] ?? '', 'base64');
    expect(scramVerifier('pässword', salt)).toBe(row?.rolpassword);
    await admin(`alter role ${name} password 'plain'`);
    const own = (await admin(`select rolpassword from pg_authid where rolname = '${name}'`)).rows as {
      rolpassword: string;
    }[];
    const theirs = own[0]?.rolpassword ?? '';
    expect(scramVerifier('plain', Buffer.from(theirs.split(/[:$]/)[2] ?? '', 'base64'))).toBe(theirs);
  });
});
