import type { QueryRunner } from 'typeorm';
import { OWNER_ROLE } from '../provision/roles';
import { describeDatabases, seedWorkspace, type TestDatabase } from '../testing';
import { BulkUploads1763770000033 } from './0033-bulk-uploads';
import { DocumentFolders1763770000037 } from './0037-document-folders';
import { ImportedKnowledge1763770000038 } from './0038-imported-knowledge';

describeDatabases('The migration to bulk uploads', (create, kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create();
  });
  afterAll(() => test.close());

  /** Migrations use this one method of a query runner, and run as the tables' owner. */
  const asOwner = (): QueryRunner => {
    const owner = kind === 'postgres' ? `set role ${OWNER_ROLE}; ` : ''; // the embedded database lets nobody change roles
    return { query: (sql: string) => test.inspect(owner + sql) } as unknown as QueryRunner;
  };
  const documentsOf = (workspaceId: string) =>
    test.inspect<{ id: string }>('select id from documents where workspace_id = $1', [workspaceId]);

  it('goes down and up again, and keeps the documents', async () => {
    const workspaceId = await seedWorkspace(test);
    const before = await documentsOf(workspaceId);
    const migration = new BulkUploads1763770000033();
    const later = new ImportedKnowledge1763770000038();
    await later.down(asOwner());
    await migration.down(asOwner());
    await expect(test.inspect('select 1 from bulk_uploads')).rejects.toThrow(/bulk_uploads/);
    await migration.up(asOwner());
    await later.up(asOwner());
    expect(await test.inspect('select 1 from bulk_uploads')).toEqual([]);
    expect(await documentsOf(workspaceId)).toEqual(before);
    expect(await test.systemDb.listUnfinishedBulkUploads()).toEqual([]);
  });

  it('tells documents from before the folder they lay in', async () => {
    const workspaceId = await seedWorkspace(test);
    const [first] = await documentsOf(workspaceId);
    const id = first?.id ?? '';
    await test.inspect(
      `update bulk_upload_files set id = document_id, path = U&'a/\\202eb\\0007/s.txt' where workspace_id = $1`,
      [workspaceId],
    );
    const migration = new DocumentFolders1763770000037();
    await migration.down(asOwner());
    await migration.up(asOwner());
    expect(await test.inspect('select folder from documents where id = $1', [id])).toEqual([{ folder: 'a/b' }]);
  });

  it('forgets the lines of snippets on the way down, and no others', async () => {
    const workspaceId = await seedWorkspace(test);
    await test.inspect(
      `insert into bulk_upload_files (workspace_id, bulk_upload_id, id, kind, ordinal, path, byte_size)
       select workspace_id, bulk_upload_id, gen_random_uuid(), 'snippet', 1, 'x:1', 0 from bulk_upload_files
       where workspace_id = $1`,
      [workspaceId],
    );
    const migration = new ImportedKnowledge1763770000038();
    await migration.down(asOwner());
    await migration.up(asOwner());
    expect(
      await test.inspect('select path, kind from bulk_upload_files where workspace_id = $1', [workspaceId]),
    ).toEqual([{ path: 's.txt', kind: 'file' }]);
  });

  it('keeps what is known of a file when its document goes, and lists the unfinished of each workspace in turn', async () => {
    const [one, two] = [await seedWorkspace(test), await seedWorkspace(test)];
    await test.inspect(
      `insert into bulk_uploads (workspace_id, id, file_name, byte_size, status, actor_type)
       select w, gen_random_uuid(), 's.zip', 1, s, 'system'
       from unnest(array[$1, $1, $2]::uuid[], array['waiting', 'unpacking', 'waiting']) as t (w, s)`,
      [one, two],
    );
    const found = await test.systemDb.listUnfinishedBulkUploads();
    expect(found.map(({ place }) => place)).toEqual([1, 1, 2]);
    expect(new Set(found.slice(0, 2).map(({ workspaceId }) => workspaceId))).toEqual(new Set([one, two]));
    await test.inspect('delete from documents where workspace_id = $1', [one]);
    expect(
      await test.inspect('select path, document_id from bulk_upload_files where workspace_id = $1', [one]),
    ).toEqual([{ path: 's.txt', document_id: null }]);
  });
});
