import type { QueryRunner } from 'typeorm';
import { OWNER_ROLE } from '../provision/roles';
import { describeDatabases, seedWorkspace, type TestDatabase } from '../testing';
import { DocumentVersions1763770000030 } from './0030-document-versions';
import { MIGRATIONS } from '.';

describeDatabases('The migration to document versions', (create, kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create();
  });
  afterAll(() => test.close());

  it('goes down and up again, and keeps every document with its passages', async () => {
    const indexed = await seedWorkspace(test);
    const broken = await seedWorkspace(test);
    await test.inspect(`update documents set live_version = 1 where workspace_id = $1`, [indexed]);
    await test.inspect(
      `update document_versions set status = 'failed', error_code = 'document.no-text' where workspace_id = $1`,
      [broken],
    );
    const owner = kind === 'postgres' ? `set role ${OWNER_ROLE}; ` : ''; // the embedded database lets nobody change roles
    // Migrations use this one method of a query runner, and run as the tables' owner, whom row-level security holds too.
    const asOwner = { query: (sql: string) => test.inspect(owner + sql) } as unknown as QueryRunner;
    const fromHereOn = MIGRATIONS.slice(MIGRATIONS.indexOf(DocumentVersions1763770000030)).map((each) => new each());
    for (const migration of [...fromHereOn].reverse()) await migration.down(asOwner);
    expect(
      await test.inspect(
        `select status, error_code as code, file_name as name from documents where workspace_id in ($1, $2) order by status`,
        [indexed, broken],
      ),
    ).toEqual([
      { status: 'failed', code: 'document.no-text', name: 's.txt' },
      { status: 'indexed', code: null, name: 's.txt' },
    ]);
    for (const migration of fromHereOn) await migration.up(asOwner);
    expect(
      await test.inspect(
        `select d.newest_version as newest, d.live_version as live, v.status, v.blob_id = d.id as "keepsItsBytes",
           (select count(*)::int from chunks c where c.workspace_id = d.workspace_id) as chunks
         from documents d join document_versions v on v.workspace_id = d.workspace_id and v.document_id = d.id
         where d.workspace_id in ($1, $2) order by v.status`,
        [indexed, broken],
      ),
    ).toEqual([
      { newest: 1, live: null, status: 'failed', keepsItsBytes: true, chunks: 1 },
      { newest: 1, live: 1, status: 'indexed', keepsItsBytes: true, chunks: 1 },
    ]);
    const forced = await test.inspect<{ name: string }>(
      `select relname as name from pg_class where relname in ('documents', 'document_versions', 'chunks') and relforcerowsecurity`,
    );
    expect(forced).toHaveLength(3);
  });
});
