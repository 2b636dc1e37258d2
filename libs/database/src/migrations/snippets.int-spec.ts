import type { QueryRunner } from 'typeorm';
import { OWNER_ROLE } from '../provision/roles';
import { describeDatabases, seedWorkspace, type TestDatabase } from '../testing';
import { Snippets1763770000034 } from './0034-snippets';

describeDatabases('The migration to snippets', (create, kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create();
  });
  afterAll(() => test.close());

  it('goes down without leaving documents that have no file, and up again', async () => {
    const files = await seedWorkspace(test);
    const snippets = await seedWorkspace(test);
    await test.inspect(`update documents set kind = 'snippet' where workspace_id = $1`, [snippets]);
    const owner = kind === 'postgres' ? `set role ${OWNER_ROLE}; ` : ''; // the embedded database lets nobody change roles
    // Migrations use this one method of a query runner, and run as the tables' owner, whom row-level security holds too.
    const asOwner = { query: (sql: string) => test.inspect(owner + sql) } as unknown as QueryRunner;
    const migration = new Snippets1763770000034();
    await migration.down(asOwner);
    const left = 'select workspace_id as id, (select count(*)::int from chunks) as chunks from documents';
    expect(await test.inspect(left)).toEqual([{ id: files, chunks: 1 }]);
    await migration.up(asOwner);
    expect(await test.inspect('select kind from documents')).toEqual([{ kind: 'file' }]);
    const forced = await test.inspect<{ name: string }>(
      `select relname as name from pg_class
       where relname in ('documents', 'snippets', 'canned_wordings') and relforcerowsecurity`,
    );
    expect(forced).toHaveLength(3);
  });
});
