import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDatabase } from '../embedded/embedded-database';
import { createDataFolder } from '../embedded/create-data-folder';
import { ENGINE_WORKER_FILE } from '../embedded/engine';
import { pendingMigrations, prepareDatabase, withClient } from './prepare-database';

/** On the embedded engine because it is the newer PostgreSQL: from 16 on, creating a role no longer lets one act as it. */
describe('prepareDatabase with a login that may create roles and is no superuser', () => {
  let folder: string;
  let embedded: EmbeddedDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'customercare-test-'));
    await createDataFolder(ENGINE_WORKER_FILE, join(folder, 'database'));
    embedded = await EmbeddedDatabase.open(folder);
  });
  afterAll(async () => {
    await embedded.close();
    await rm(folder, { recursive: true, force: true });
  });

  const allow = (name: string) =>
    embedded.allow({
      name,
      password: 'x',
      kind: 'owner',
      statementTimeoutMs: 60_000,
      idleInTransactionTimeoutMs: 60_000,
    });

  it('creates the roles, owns what it needs and migrates, and may do it again', async () => {
    await withClient(allow('postgres'), (client) =>
      client.query(`
        create role maker login createrole;
        create role clerk login;
        grant create, connect on database postgres to maker with grant option;
        alter schema public owner to maker;
        grant clerk to maker with admin option;
      `),
    );
    const preparation = {
      privileged: allow('maker'),
      owner: allow('app_owner'),
      applicationLogin: 'clerk',
      ownerSteps: [],
    };
    await prepareDatabase(preparation);
    await prepareDatabase(preparation);
    const { rows } = await withClient(allow('clerk'), (client) =>
      client.query(
        `select pg_has_role('maker', 'app_owner', 'SET') as acts, pg_has_role('clerk', 'app_owner', 'MEMBER') as clerk`,
      ),
    );
    expect(rows).toEqual([{ acts: true, clerk: false }]);
    expect(await withClient(allow('clerk'), pendingMigrations)).toEqual([]);
  });
});
