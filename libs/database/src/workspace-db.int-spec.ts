import { AppError, newId, systemContext } from '@app/kernel';
import { describeDatabases, type TestDatabase } from './testing';

describeDatabases('WorkspaceDb', (create, kind) => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await create({ poolSize: 2 });
  });
  afterAll(() => test.close());

  const addWorkspace = async (): Promise<string> => {
    const id = newId();
    await test.db.run(systemContext(id), (tx) => tx.query(`insert into workspaces (id, name) values ($1, 'x')`, [id]));
    return id;
  };
  const addUser = async (): Promise<string> => {
    const id = newId();
    const sql = `insert into users (id, email, email_index, name, password_hash) values ($1, $2, convert_to($2, 'utf8'), 'x', 'hash')`;
    await test.db.runAsUser({ userId: id }, (tx) => tx.query(sql, [id, `${id}@example.com`]));
    return id;
  };
  /** What the connections of the pool see when nobody has said who asks. */
  const leftBehind = async (): Promise<unknown[]> => {
    const look = () =>
      test.dataSource.query<{ id: string }[]>('select id from workspaces union all select id from users');
    return (await Promise.all([look(), look(), look(), look()])).flat();
  };

  it('lets a workspace and a user be added under their own new id', async () => {
    const [workspaceId, userId] = [await addWorkspace(), await addUser()];
    expect(await test.inspect('select id from workspaces where id = $1', [workspaceId])).toHaveLength(1);
    expect(await test.inspect('select id from users where id = $1', [userId])).toHaveLength(1);
  });

  it('adds a workspace, its first member and the user in one transaction', async () => {
    const [workspaceId, userId] = [newId(), newId()];
    await test.db.run({ workspaceId, actor: { type: 'user', id: userId } }, async (tx) => {
      await tx.query(
        `insert into users (id, email, email_index, name, password_hash) values ($1, $2, convert_to($2, 'utf8'), 'x', 'x')`,
        [userId, `${userId}@x.org`],
      );
      await tx.query(`insert into workspaces (id, name) values ($1, 'x')`, [workspaceId]);
      await tx.query(`insert into workspace_members (workspace_id, user_id, role) values ($1, $2, 'owner')`, [
        workspaceId,
        userId,
      ]);
    });
    expect(await test.systemDb.listUserWorkspaces(userId)).toEqual([{ workspaceId, name: 'x', role: 'owner' }]);
  });

  it('reads what was there at one moment, and changes nothing', async () => {
    const ctx = systemContext(await addWorkspace());
    const name = `select name from workspaces`;
    const rename = (): Promise<unknown> =>
      test.db.run(ctx, (tx) => tx.query(`update workspaces set name = name || 'x'`));
    await test.db.read(ctx, async (tx) => {
      expect(await tx.query(name)).toEqual([{ name: 'x' }]);
      const renamed = rename();
      // The embedded database makes it wait, a server does it at once.
      if (kind === 'postgres') await renamed;
      expect(await tx.query(name)).toEqual([{ name: 'x' }]);
    });
    await expect(test.db.read(ctx, (tx) => tx.query(`update workspaces set name = 'y'`))).rejects.toThrow(/read-only/);
    await rename();
    expect(await test.db.read(ctx, (tx) => tx.query(name))).toEqual([{ name: 'xxx' }]);
  });

  it('does what waits for the commit after it, also when the connection is needed for it, and never after a failure', async () => {
    const [id, failing] = [newId(), newId()];
    const seen: unknown[] = [];
    const add = (workspaceId: string, work: () => void = () => undefined) =>
      test.db.run(systemContext(workspaceId), async (tx) => {
        await tx.query(`insert into workspaces (id, name) values ($1, 'x')`, [workspaceId]);
        test.db.afterCommit(tx, async () => {
          seen.push(await test.db.run(systemContext(workspaceId), (own) => own.query('select id from workspaces')));
        });
        work();
        return 'done';
      });
    expect(await add(id)).toBe('done');
    await expect(
      add(failing, () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(seen).toEqual([[{ id }]]);
  });

  it('shows a user only to itself, and no workspace to a user outside one', async () => {
    const [mine, other, workspaceId] = [await addUser(), await addUser(), await addWorkspace()];
    const seen = await test.db.runAsUser({ userId: mine }, (tx) => tx.query<{ id: string }[]>('select id from users'));
    expect(seen).toEqual([{ id: mine }]);
    const asSystem = (sql: string) => test.db.run(systemContext(workspaceId), (tx) => tx.query<unknown[]>(sql));
    expect(await asSystem('select id from users')).toEqual([]);
    const none = await test.db.runAsUser({ userId: other }, (tx) => tx.query<unknown[]>('select id from workspaces'));
    expect(none).toEqual([]);
  });

  it('takes audit events without a workspace and shows them to nobody', async () => {
    const [user, workspaceId] = [await addUser(), await addWorkspace()];
    const sql = `insert into audit_events (id, workspace_id, action, actor_type) values ($1, $2, 'x.done', 'user')`;
    await test.db.runAsUser({ userId: user }, (tx) => tx.query(sql, [newId(), null]));
    await expect(
      test.db.runAsUser({ userId: user }, (tx) => tx.query(sql, [newId(), workspaceId])),
    ).rejects.toMatchObject({ code: '42501' });
    const seen = test.db.run(systemContext(workspaceId), (tx) => tx.query<unknown[]>('select id from audit_events'));
    expect(await seen).toEqual([]);
    expect(await test.inspect('select id from audit_events where workspace_id is null')).toHaveLength(1);
  });

  it('resolves what the work resolves, and commits', async () => {
    const workspaceId = await addWorkspace();
    const result = await test.db.run(systemContext(workspaceId), async (tx) => {
      await tx.query(`update workspaces set name = 'renamed'`);
      return 42;
    });
    expect(result).toBe(42);
    expect(await test.inspect('select name from workspaces where id = $1', [workspaceId])).toEqual([
      { name: 'renamed' },
    ]);
  });

  it('rolls back and passes on the error when the work fails', async () => {
    const workspaceId = await addWorkspace();
    const fault = new AppError('document.not-found');
    const work = test.db.run(systemContext(workspaceId), async (tx) => {
      await tx.query(`update workspaces set name = 'never'`);
      throw fault;
    });
    await expect(work).rejects.toBe(fault);
    expect(await test.inspect('select name from workspaces where id = $1', [workspaceId])).toEqual([{ name: 'x' }]);
    expect(await leftBehind()).toEqual([]);
  });

  it('nests a transaction inside as a savepoint that can fail alone', async () => {
    const workspaceId = await addWorkspace();
    await test.db.run(systemContext(workspaceId), async (tx) => {
      await tx.query(`update workspaces set name = 'outer'`);
      const inner = tx.transaction(async (nested) => {
        await nested.query(`update workspaces set name = 'inner'`);
        throw new Error('inner fault');
      });
      await expect(inner).rejects.toThrow('inner fault');
      expect(await tx.query('select name from workspaces')).toEqual([{ name: 'outer' }]);
    });
    expect(await test.inspect('select name from workspaces where id = $1', [workspaceId])).toEqual([{ name: 'outer' }]);
  });

  it('refuses an id that is no uuid and leaves nothing open', async () => {
    for (const workspaceId of [`' or true`, '', 'null']) {
      await expect(test.db.run(systemContext(workspaceId), (tx) => tx.query('select 1'))).rejects.toMatchObject({
        code: 'request.invalid',
      });
    }
    expect(await leftBehind()).toEqual([]);
  });

  it('leaves no context behind after a timeout, a syntax error, or work that ends the transaction itself', async () => {
    const workspaceId = await addWorkspace();
    const attempts = [`set local statement_timeout = '50ms'; select pg_sleep(30)`, 'nonsense', 'commit', 'rollback'];
    for (const sql of attempts) {
      await test.db.run(systemContext(workspaceId), (tx) => tx.query(sql)).catch(() => undefined);
      expect([sql, await leftBehind()]).toEqual([sql, []]);
    }
  });

  it('A40 H16 says it is busy when a statement takes too long, and the next one works', async () => {
    const workspaceId = await addWorkspace();
    const read = (text: string) => test.db.run(systemContext(workspaceId), (tx) => tx.query<unknown[]>(text));
    await expect(read(`set local statement_timeout = '50ms'; select pg_sleep(30)`)).rejects.toMatchObject({
      code: 'service.busy',
      options: { cause: expect.any(Error) as unknown },
    });
    expect(await read('select id from workspaces')).toEqual([{ id: workspaceId }]);
  });

  it('shows two workspaces on two connections, interleaved 400 times and with faults between, no foreign row', async () => {
    const workspaces = [await addWorkspace(), await addWorkspace()];
    let own = 0;
    const foreign: string[] = [];
    const visit = async (round: number): Promise<void> => {
      const mine = workspaces[round % 2] ?? '';
      await test.db
        .run(systemContext(mine), async (tx) => {
          const rows = await tx.query<{ id: string }[]>('select id from workspaces');
          rows.forEach(({ id }) => (id === mine ? (own += 1) : foreign.push(id)));
          if (round % 5 === 0) await tx.query('select 1 / 0');
          if (round % 7 === 0) throw new Error('planned');
        })
        .catch(() => undefined);
    };
    for (let start = 0; start < 400; start += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => visit(start + n)));
    }
    expect({ own, foreign }).toEqual({ own: 400, foreign: [] });
    expect(await leftBehind()).toEqual([]);
  });

  it('is ready while the database is open and not afterwards', async () => {
    const short = await create();
    expect(await short.health.isReady()).toBe(true);
    await short.close();
    expect(await short.health.isReady()).toBe(false);
    await expect(short.db.run(systemContext(newId()), async () => 1)).rejects.toMatchObject({
      code: 'service.unavailable',
    });
  });
});
