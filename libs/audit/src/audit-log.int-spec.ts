import { describeDatabases, type TestDatabase } from '@app/database/testing';
import { newId, type WorkspaceContext } from '@app/kernel';

import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import { AUDIT_ACTIONS } from './audit-actions';
import { AuditAddress, AuditAddresses } from './audit-address';
import { AuditEvent } from './audit-event';
import { AuditEventsService } from './audit-events.service';
import { AuditLog } from './audit-log';

const contextOf = (): WorkspaceContext => ({
  workspaceId: newId(),
  actor: { type: 'user', id: newId() },
  requestId: 'request-1',
  ip: '203.0.113.7',
});

describeDatabases('A29 the audit trail', (create) => {
  let test: TestDatabase;
  let audit: AuditLog;
  let events: AuditEventsService;

  beforeAll(async () => {
    test = await create({ entities: [AuditEvent, AuditAddress] });
    const addresses = new AuditAddresses(fieldCipherForTests(), blindIndexForTests());
    audit = new AuditLog(test.db, addresses);
    events = new AuditEventsService(test.db, addresses);
  });
  afterAll(() => test.close());

  const record = (ctx: WorkspaceContext, action: (typeof AUDIT_ACTIONS)[number], data = {}): Promise<void> =>
    test.db.run(ctx, (tx) => audit.record(tx, ctx, action, data));
  const all = { limit: 100 };

  it('tells who did what, from where, in which request and when', async () => {
    const ctx = contextOf();
    const startedAt = Date.now();
    await record(ctx, 'workspace.renamed', { workspaceId: ctx.workspaceId, count: 2, ids: ['a', 'b'], none: null });
    const { items } = await events.list(ctx, all);
    expect(items).toEqual([
      {
        id: expect.any(String),
        workspaceId: ctx.workspaceId,
        action: 'workspace.renamed',
        actorType: 'user',
        actorId: ctx.actor.type === 'user' && ctx.actor.id,
        result: 'succeeded',
        data: { workspaceId: ctx.workspaceId, count: 2, ids: ['a', 'b'], none: null },
        ip: '203.0.113.7',
        ipIndex: expect.any(Buffer),
        requestId: 'request-1',
        seq: '1',
        createdAt: expect.any(Date),
        previousHash: Buffer.alloc(32),
        hash: expect.any(Buffer),
      },
    ]);
    expect(Math.abs((items[0]?.createdAt.getTime() ?? 0) - startedAt)).toBeLessThan(60_000);
  });

  it('names the system and visitors as actors too', async () => {
    const workspaceId = newId();
    const visitor = { workspaceId, actor: { type: 'visitor', id: newId() } } as const;
    await record(visitor, 'conversation.started');
    await record({ workspaceId, actor: { type: 'system' } }, 'document.indexed');
    const { items } = await events.list(visitor, all);
    expect(items.map(({ actorType, actorId, ip }) => [actorType, actorId, ip])).toEqual([
      ['system', null, null],
      ['visitor', visitor.actor.id, null],
    ]);
  });

  it('is rolled back with the change it describes', async () => {
    const ctx = contextOf();
    const failing = test.db.run(ctx, async (tx) => {
      await audit.record(tx, ctx, 'workspace.renamed');
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow('the change failed');
    expect((await events.list(ctx, all)).items).toEqual([]);
  });

  it('keeps what was refused, because that is written alone', async () => {
    const ctx = contextOf();
    await audit.recordAlone(ctx, 'access.denied', { permission: 'members.manage' });
    expect((await events.list(ctx, all)).items).toMatchObject([{ action: 'access.denied' }]);
  });

  it('keeps what happened outside any workspace where no workspace reads it', async () => {
    const userId = newId();
    await audit.recordAlone({ userId, sessionId: newId() }, 'session.ended');
    await audit.recordAlone({ actor: { type: 'user', id: userId } }, 'session.start-failed');
    await audit.recordAlone({ actor: { type: 'system' }, ip: '203.0.113.9' }, 'session.start-failed');
    const rows = await test.inspect('select action from audit_events where workspace_id is null and actor_id = $1', [
      userId,
    ]);
    expect(rows).toEqual([{ action: 'session.ended' }, { action: 'session.start-failed' }]);
    const visible = await test.db.runAsUser({ userId }, (tx) => tx.query('select * from audit_events'));
    expect(visible).toEqual([]);
  });

  it('refuses an event of another workspace', async () => {
    const [own, foreign] = [contextOf(), contextOf()];
    const forged = test.db.run(own, (tx) => audit.record(tx, foreign, 'workspace.renamed'));
    await expect(forged).rejects.toThrow('row-level security');
  });

  it('shows each workspace its own events alone', async () => {
    const [first, second] = [contextOf(), contextOf()];
    await record(first, 'workspace.created');
    await record(second, 'workspace.renamed');
    expect((await events.list(first, all)).items).toMatchObject([{ action: 'workspace.created' }]);
    const rows = await test.db.run(first, (tx) => tx.query('select distinct workspace_id from audit_events'));
    expect(rows).toEqual([{ workspace_id: first.workspaceId }]);
  });

  it('reads newest first, page by page, and by action', async () => {
    const ctx = contextOf();
    for (let number = 1; number <= 7; number += 1) {
      await record(ctx, number % 2 === 0 ? 'member.added' : 'member.removed', { number });
    }
    const numbers: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await events.list(ctx, { limit: 3, cursor });
      numbers.push(...page.items.map(({ data }) => data['number']));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(numbers).toEqual([7, 6, 5, 4, 3, 2, 1]);
    const added = await events.list(ctx, { limit: 2, action: 'member.added' });
    expect(added.items.map(({ data }) => data['number'])).toEqual([6, 4]);
    expect(added.nextCursor).not.toBeNull();
    await expect(events.list(ctx, { limit: 3, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  const CHANGES = [
    `update audit_events set action = 'session.ended'`,
    'delete from audit_events',
    'truncate audit_events',
  ];

  it.each(CHANGES)('lets the application not run: %s', async (sql) => {
    const ctx = contextOf();
    await record(ctx, 'workspace.created');
    await expect(test.db.run(ctx, (tx) => tx.query(sql))).rejects.toThrow(/permission denied|not available/);
    expect((await events.list(ctx, all)).items).toMatchObject([{ action: 'workspace.created' }]);
  });

  it.each(CHANGES)('lets even a superuser not run, while its triggers stand: %s', async (sql) => {
    const ctx = contextOf();
    await record(ctx, 'workspace.created');
    await expect(test.inspect(sql)).rejects.toThrow('append-only');
    expect((await events.list(ctx, all)).items).toMatchObject([{ action: 'workspace.created' }]);
  });

  it.each(CHANGES)('D05 lets the owner of the table not run: %s', async (sql) => {
    const ctx = contextOf();
    await record(ctx, 'workspace.created');
    const asOwner = test.inspect(`do $$ begin perform set_config('role', 'app_owner', true); ${sql}; end $$`);
    await expect(asOwner).rejects.toThrow('append-only');
    expect((await events.list(ctx, all)).items).toMatchObject([{ action: 'workspace.created' }]);
  });
});
