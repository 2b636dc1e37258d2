import { newId } from '@app/kernel';
import { seedWorkspace } from './testing/seed-workspace';
import { describeDatabases, type TestDatabase } from './testing';

describeDatabases('SystemDb', (create) => {
  let test: TestDatabase;
  let workspaceId: string;
  beforeAll(async () => {
    test = await create();
    workspaceId = await seedWorkspace(test);
    await seedWorkspace(test);
  });
  afterAll(() => test.close());

  const seeded = async <T>(sql: string): Promise<T> => {
    const [row] = await test.inspect<T>(sql, [workspaceId]);
    if (!row) throw new Error('Nothing was seeded');
    return row;
  };

  it('finds a user by the index of the e-mail, and nobody by another', async () => {
    const { index, ...user } = await seeded<{ id: string; email: string; index: Buffer }>(
      'select u.id, u.email, u.email_index as index from users u join workspace_members m on m.user_id = u.id where m.workspace_id = $1',
    );
    expect(await test.systemDb.findUserByEmailIndex(index)).toEqual({ ...user, name: 'Seed', passwordHash: 'x' });
    expect(await test.systemDb.findUserByEmailIndex(Buffer.from(`' or true --`))).toBeNull();
  });

  it('finds the user of a session', async () => {
    const session = await seeded<{ id: string; userId: string }>(
      `select s.id, s.user_id as "userId" from sessions s join workspace_members m using (user_id) where m.workspace_id = $1`,
    );
    expect(await test.systemDb.findSessionUser(session.id)).toBe(session.userId);
    expect(await test.systemDb.findSessionUser(newId())).toBeNull();
  });

  it('lists the workspaces of a user and of nobody else', async () => {
    const { userId } = await seeded<{ userId: string }>(
      'select user_id as "userId" from workspace_members where workspace_id = $1',
    );
    expect(await test.systemDb.listUserWorkspaces(userId)).toEqual([{ workspaceId, name: 'Seed', role: 'owner' }]);
    expect(await test.systemDb.listUserWorkspaces(newId())).toEqual([]);
  });

  describe('finds an embed by the hash of its key', () => {
    const at = new Date('2026-03-01T12:00:00Z');
    const find = async (moment = at) => {
      const { hash } = await seeded<{ hash: Buffer }>(
        'select key_hash as hash from embed_keys where workspace_id = $1',
      );
      return test.systemDb.findEmbedByKeyHash(hash, moment);
    };
    const change = (sql: string) => test.inspect(sql, [workspaceId]);

    it('and tells what decides about it', async () => {
      const { embedId, keyId } = await seeded<{ embedId: string; keyId: string }>(
        'select embed_id as "embedId", id as "keyId" from embed_keys where workspace_id = $1',
      );
      expect(await find()).toEqual({ workspaceId, embedId, keyId, allowedOrigins: [] });
    });

    it('W10 A12 and not with an unknown key, or one whose last moment is over', async () => {
      expect(await test.systemDb.findEmbedByKeyHash(Buffer.from('unknown'), at)).toBeNull();
      for (const table of ['embed_keys', 'embeds']) {
        await change(`update ${table} set expires_at = '2026-03-01T12:00:01Z' where workspace_id = $1`);
        expect(await find()).not.toBeNull();
        expect(await find(new Date(at.getTime() + 1_000))).toBeNull();
        await change(`update ${table} set expires_at = null where workspace_id = $1`);
      }
    });

    it.each([
      ['that is disabled', 'update embeds set is_enabled = %s where workspace_id = $1', 'false', 'true'],
      ['of a suspended workspace', 'update workspaces set suspended_at = %s where id = $1', 'now()', 'null'],
    ])('W10 and not one %s', async (_name, sql, out, back) => {
      await change(sql.replace('%s', out));
      expect(await find()).toBeNull();
      await change(sql.replace('%s', back));
      expect(await find()).not.toBeNull();
    });
  });

  it('lists versions of documents that ingestion is not done with', async () => {
    const { id } = await seeded<{ id: string }>('select id from documents where workspace_id = $1');
    expect(await test.systemDb.listUnfinishedVersions()).toEqual([]);
    const become = (status: string) =>
      test.inspect('update document_versions set status = $2 where document_id = $1', [id, status]);
    await become('parsing');
    const unfinished = { workspaceId, documentId: id, version: 1, place: 1 };
    expect(await test.systemDb.listUnfinishedVersions()).toEqual([unfinished]);
    for (const status of ['failed', 'quarantined', 'indexed']) {
      await become(status);
      expect(await test.systemDb.listUnfinishedVersions()).toEqual([]);
    }
  });

  it('lists answers whose lease is over', async () => {
    const message = await seeded<{ id: string; conversation: string }>(
      'select id, conversation_id as conversation from messages where workspace_id = $1',
    );
    const lease = (seconds: number) =>
      test.inspect(
        `update messages set status = 'generating', lease_expires_at = now() + $2 * interval '1 second' where id = $1`,
        [message.id, seconds],
      );
    await lease(60);
    expect(await test.systemDb.listExpiredAnswers()).toEqual([]);
    await lease(-1);
    expect(await test.systemDb.listExpiredAnswers()).toEqual([
      { workspaceId, messageId: message.id, conversationId: message.conversation },
    ]);
  });
});
