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

  it('finds an embed by the hash of its key', async () => {
    const embed = await seeded<{ id: string; hash: Buffer }>(
      'select id, key_hash as hash from embeds where workspace_id = $1',
    );
    expect(await test.systemDb.findEmbedByKeyHash(embed.hash)).toEqual({ workspaceId, embedId: embed.id });
    expect(await test.systemDb.findEmbedByKeyHash(Buffer.from('unknown'))).toBeNull();
  });

  it('lists documents that are neither indexed nor failed', async () => {
    const { id } = await seeded<{ id: string }>('select id from documents where workspace_id = $1');
    expect(await test.systemDb.listUnfinishedDocuments()).toEqual([]);
    await test.inspect(`update documents set status = 'parsing' where id = $1`, [id]);
    expect(await test.systemDb.listUnfinishedDocuments()).toEqual([{ workspaceId, documentId: id }]);
    await test.inspect(`update documents set status = 'failed' where id = $1`, [id]);
    expect(await test.systemDb.listUnfinishedDocuments()).toEqual([]);
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
