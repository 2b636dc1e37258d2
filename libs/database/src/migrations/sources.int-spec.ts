import type { QueryRunner } from 'typeorm';
import { OWNER_ROLE } from '../provision/roles';
import { describeDatabases, seedWorkspace, type TestDatabase } from '../testing';
import { Sources1763770000032 } from './0032-sources';

describeDatabases('The migration to sources', (create, kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create();
  });
  afterAll(() => test.close());

  it('goes down and up again, and keeps the documents', async () => {
    const workspaceId = await seedWorkspace(test);
    const owner = kind === 'postgres' ? `set role ${OWNER_ROLE}; ` : ''; // the embedded database lets nobody change roles
    // Migrations use this one method of a query runner.
    const asOwner = { query: (sql: string) => test.inspect(owner + sql) } as unknown as QueryRunner;
    const migration = new Sources1763770000032();
    await migration.down(asOwner);
    expect(await test.inspect('select title from documents where workspace_id = $1', [workspaceId])).toHaveLength(1);
    expect(await test.inspect(`select 1 from pg_class where relname like 'source%'`)).toEqual([]);
    await migration.up(asOwner);
    expect(
      await test.inspect('select title, source_id as source from documents where workspace_id = $1', [workspaceId]),
    ).toEqual([{ title: 'Seed', source: null }]);
    const forced = `select relname as name from pg_class where relname in
      ('sources', 'source_pages', 'source_runs', 'source_changes') and relforcerowsecurity`;
    expect(await test.inspect(forced)).toHaveLength(4);
  });

  it('lets a source go and its documents stay', async () => {
    const workspaceId = await seedWorkspace(test);
    await test.inspect('delete from sources where workspace_id = $1', [workspaceId]);
    expect(
      await test.inspect('select source_id as id, source_url as url from documents where workspace_id = $1', [
        workspaceId,
      ]),
    ).toEqual([{ id: null, url: 'https://seed.example/' }]);
    expect(await test.inspect('select 1 from source_changes where workspace_id = $1', [workspaceId])).toEqual([]);
  });
});
