import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import { NO_WORKSPACE } from '@app/database';
import { describeDatabases, type TestDatabase } from '@app/database/testing';
import { newId, type WorkspaceContext } from '@app/kernel';

import { AuditAddress, AuditAddresses } from '../audit-address';
import { AuditEvent } from '../audit-event';
import { AuditLog } from '../audit-log';
import type { AuditAnchor } from './audit-anchors';
import { type AuditFault, verifyAudit } from './verify-audit';

const ROWS = 6;

describeDatabases('Verifying the audit trail', (create) => {
  let test: TestDatabase;
  let audit: AuditLog;

  beforeAll(async () => {
    test = await create({ entities: [AuditEvent, AuditAddress], poolSize: 4 });
    audit = new AuditLog(test.db, new AuditAddresses(fieldCipherForTests(), blindIndexForTests()));
  });
  afterAll(() => test.close());

  const ask = <T>(sql: string, parameters?: unknown[]): Promise<T[]> => test.inspect<T>(sql, parameters);
  const faultsOf = async (chain: string, anchors: AuditAnchor[] = []): Promise<Omit<AuditFault, 'chain'>[]> => {
    const { faults } = await verifyAudit(ask, anchors);
    return faults.filter((fault) => fault.chain === chain).map(({ chain: _, ...fault }) => fault);
  };
  const contextOf = (): WorkspaceContext => ({
    workspaceId: newId(),
    actor: { type: 'user', id: newId() },
    requestId: `request-${newId()}`,
    ip: '203.0.113.7',
  });
  /** A workspace with six events, and the anchor that was taken of them. */
  const chain = async (): Promise<{ id: string; anchor: AuditAnchor }> => {
    const ctx = contextOf();
    for (let number = 1; number <= ROWS; number += 1) {
      await test.db.run(ctx, (tx) => audit.record(tx, ctx, 'member.added', { number, text: 'a:b|ü "quoted"' }));
    }
    return { id: ctx.workspaceId, anchor: await anchorOf(ctx.workspaceId) };
  };
  const anchorOf = async (id: string): Promise<AuditAnchor> => {
    const { ends } = await verifyAudit(ask);
    const end = ends.find((each) => each.chain === id);
    if (!end) throw new Error('no such chain');
    return { ...end, at: new Date().toISOString() };
  };
  /** What the owner of the tables can do: lift its own protection, change rows, and put everything back. */
  const asOwner = (sql: string): Promise<unknown> =>
    test.inspect(`do $$ begin
      perform set_config('role', 'app_owner', true);
      alter table audit_events disable trigger user, no force row level security;
      alter table audit_heads no force row level security;
      ${sql};
      alter table audit_events enable trigger user, force row level security;
      alter table audit_heads force row level security;
    end $$`);
  const rowAt = (id: string, seq: number): string => `workspace_id = '${id}' and seq = ${seq}`;

  it('D05 A29 finds nothing in chains nobody touched, also those of no workspace and of many writers at once', async () => {
    const ctx = contextOf();
    await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        number % 2 === 0
          ? test.db.run(ctx, (tx) => audit.record(tx, ctx, 'member.removed', { number }))
          : audit.recordAlone({ actor: { type: 'system' }, ip: '198.51.100.9' }, 'session.start-failed', { number }),
      ),
    );
    const { faults, ends } = await verifyAudit(ask, [await anchorOf(NO_WORKSPACE)]);
    expect(faults).toEqual([]);
    expect(ends).toContainEqual({ chain: ctx.workspaceId, seq: 10, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(ends.find((end) => end.chain === NO_WORKSPACE)?.seq).toBeGreaterThanOrEqual(10);
  });

  it('D05 gives positions without gaps when transactions are rolled back', async () => {
    const ctx = contextOf();
    for (let number = 1; number <= 6; number += 1) {
      const work = test.db.run(ctx, async (tx) => {
        await audit.record(tx, ctx, 'member.added', { number });
        if (number % 2 === 0) await tx.query('select 1 / 0');
      });
      await work.catch(() => undefined);
    }
    expect(await faultsOf(ctx.workspaceId)).toEqual([]);
    expect((await anchorOf(ctx.workspaceId)).seq).toBe(3);
  });

  it.each([
    ['data', `data = '{"number":99}'`],
    ['the actor', 'actor_id = gen_random_uuid()'],
    ['the result', `result = 'denied'`],
    ['the time', `created_at = created_at + interval '1 microsecond'`],
    ['the hashed address', `ip_index = decode('00', 'hex')`],
    ['the request', 'request_id = null'],
    ['the link to the row before', `prev_hash = decode(repeat('ab', 32), 'hex')`],
  ])('D05 finds a row whose %s was changed', async (_name, change) => {
    const { id } = await chain();
    await asOwner(`update audit_events set ${change} where ${rowAt(id, 3)}`);
    expect(await faultsOf(id)).toEqual([{ kind: 'changed', from: 3, to: 3 }]);
  });

  it('D05 finds where a changed row was hashed anew, because the next row was written after the old one', async () => {
    const { id } = await chain();
    await asOwner(`update audit_events set hash = sha256('new'), data = '{}' where ${rowAt(id, 3)}`);
    expect(await faultsOf(id)).toEqual([
      { kind: 'changed', from: 3, to: 3 },
      { kind: 'replaced', from: 3, to: 4 },
    ]);
  });

  it('D05 finds rows taken out of the middle and from the beginning', async () => {
    const { id } = await chain();
    await asOwner(`delete from audit_events where workspace_id = '${id}' and seq in (1, 3, 4)`);
    expect(await faultsOf(id)).toEqual([
      { kind: 'missing', from: 1, to: 1 },
      { kind: 'missing', from: 3, to: 4 },
    ]);
  });

  it('D05 finds a row taken out where the later ones were moved up', async () => {
    const { id } = await chain();
    await asOwner(`delete from audit_events where ${rowAt(id, 3)};
      update audit_events set seq = seq - 1 where workspace_id = '${id}' and seq > 3`);
    const faults = await faultsOf(id);
    expect(faults[0]).toEqual({ kind: 'changed', from: 3, to: 3 });
    expect(faults.at(-1)).toEqual({ kind: 'cut', from: 6, to: 6 });
  });

  it('D05 finds rows that changed places', async () => {
    const { id } = await chain();
    await asOwner(`update audit_events set seq = 99 where ${rowAt(id, 3)};
      update audit_events set seq = 3 where ${rowAt(id, 4)};
      update audit_events set seq = 4 where ${rowAt(id, 99)}`);
    expect(await faultsOf(id)).toEqual([
      { kind: 'reordered', from: 3, to: 3, wasAfter: 4 },
      { kind: 'reordered', from: 4, to: 4, wasAfter: 2 },
      { kind: 'reordered', from: 5, to: 5, wasAfter: 3 },
    ]);
  });

  it('D05 finds a tail that was cut off: at once by the head, and by the anchor when the head was set back too', async () => {
    const { id, anchor } = await chain();
    await asOwner(`delete from audit_events where workspace_id = '${id}' and seq > 4`);
    expect(await faultsOf(id)).toEqual([{ kind: 'cut', from: 5, to: 6 }]);
    await asOwner(`update audit_heads h set seq = e.seq, hash = e.hash from audit_events e
      where e.workspace_id = '${id}' and e.seq = 4 and h.workspace_id = e.workspace_id`);
    expect(await faultsOf(id)).toEqual([]);
    expect(await faultsOf(id, [anchor])).toEqual([{ kind: 'cut', from: 5, to: 6 }]);
  });

  it('D05 finds by the anchor a chain that was written anew from a place on, and one that is gone altogether', async () => {
    const { id, anchor } = await chain();
    await asOwner(`delete from audit_events where workspace_id = '${id}' and seq > 4;
      update audit_heads h set seq = e.seq, hash = e.hash from audit_events e
      where e.workspace_id = '${id}' and e.seq = 4 and h.workspace_id = e.workspace_id`);
    const ctx = { ...contextOf(), workspaceId: id };
    for (let number = 1; number <= 3; number += 1) await audit.recordAlone(ctx, 'access.denied', { number });
    expect(await faultsOf(id)).toEqual([]);
    expect(await faultsOf(id, [anchor])).toEqual([{ kind: 'rewritten', from: 1, to: 6 }]);
    await asOwner(
      `delete from audit_events where workspace_id = '${id}'; delete from audit_heads where workspace_id = '${id}'`,
    );
    expect(await faultsOf(id, [anchor])).toEqual([{ kind: 'cut', from: 1, to: 6 }]);
  });

  it('D05 finds a head that does not say what the last row says, and a chain emptied by TRUNCATE', async () => {
    const { id } = await chain();
    await asOwner(`update audit_heads set hash = sha256('x') where workspace_id = '${id}'`);
    expect(await faultsOf(id)).toEqual([{ kind: 'head', from: 6, to: 6 }]);
    await asOwner('truncate audit_events');
    expect(await faultsOf(id)).toEqual([{ kind: 'cut', from: 1, to: 6 }]);
  });

  describe('C10 and the application', () => {
    const PRIVILEGES: [string, string[]][] = [
      ['audit_events', ['SELECT', 'INSERT']],
      ['audit_heads', ['SELECT']],
      ['audit_addresses', ['SELECT', 'UPDATE', 'DELETE']],
    ];

    it.each(PRIVILEGES)('D05 may do with %s only: %j', async (table, allowed) => {
      const all = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];
      const checks = all.map((name) => `has_table_privilege('${table}', '${name}') as "${name}"`);
      const [row] = await test.dataSource.query<Record<string, boolean>[]>(`select ${checks.join(', ')}`);
      expect(all.filter((name) => row?.[name])).toEqual(allowed);
    });

    it('D05 decides nothing about position, time and hashes of its rows', async () => {
      const ctx = contextOf();
      const forged = `insert into audit_events (id, workspace_id, action, actor_type, seq, created_at, prev_hash, hash)
        values ($1, $2, 'workspace.created', 'system', 77, '2000-01-01', '\\x00', '\\x00')`;
      await test.db.run(ctx, (tx) => tx.query(forged, [newId(), ctx.workspaceId]));
      expect(await faultsOf(ctx.workspaceId)).toEqual([]);
      const [row] = await test.inspect<{ seq: string; isNow: boolean }>(
        `select seq, created_at > now() - interval '1 hour' as "isNow" from audit_events where workspace_id = $1`,
        [ctx.workspaceId],
      );
      expect(row).toEqual({ seq: '1', isNow: true });
    });

    it('refuses an address for an event of another workspace', async () => {
      const ctx = contextOf();
      const sql = `select keep_audit_address($1, $2, 'v1.x', null)`;
      await expect(test.db.run(ctx, (tx) => tx.query(sql, [newId(), newId()]))).rejects.toMatchObject({
        code: '42501',
      });
    });
  });
});
