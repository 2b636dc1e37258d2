import { beforeCommit, NO_WORKSPACE, type Tx, WorkspaceDb } from '@app/database';
import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { type AuditAction, resultOf } from './audit-actions';
import { AuditAddresses } from './audit-address';
import { actorOf, type AuditContext, type AuditData, workspaceOf } from './audit-context';

/** A row on its way to `audit_events`, in the types of JSON. */
interface PendingEvent {
  id: string;
  workspace_id: string | null;
  action: AuditAction;
  result: string;
  actor_type: string;
  actor_id: string | null;
  data: AuditData;
  address: string | null;
  /** Hexadecimal. */
  ip_index: string | null;
  request_id: string | null;
}

const INSERT = `
  insert into audit_events (id, workspace_id, action, result, actor_type, actor_id, data, ip_index, request_id)
  select r.id, r.workspace_id, r.action, r.result, r.actor_type, r.actor_id, r.data,
         keep_audit_address(r.id, r.workspace_id, r.address, decode(r.ip_index, 'hex')), r.request_id
  from jsonb_to_recordset($1::jsonb) as r (id uuid, workspace_id uuid, action text, result text, actor_type text,
    actor_id uuid, data jsonb, address text, ip_index text, request_id text)`;

/** The append-only trail. The database refuses to change or delete what was written, for the application and the owner. */
@Injectable()
export class AuditLog {
  private readonly pending = new WeakMap<Tx, PendingEvent[]>();

  constructor(
    private readonly db: WorkspaceDb,
    private readonly addresses: AuditAddresses,
  ) {}

  /**
   * Writes one event with the change it describes: both are committed or neither is. `tx` must have been opened for the
   * same workspace, or row-level security refuses the transaction.
   *
   * The row is inserted right before the commit, wherever in the transaction this is called: a chain's head is locked
   * from the insert to the commit, and nobody shall wait for more than a commit.
   */
  record(tx: Tx, ctx: AuditContext, action: AuditAction, data: AuditData = {}): Promise<void> {
    const event = this.eventOf(ctx, action, data);
    const waiting = this.pending.get(tx);
    if (waiting) waiting.push(event);
    else {
      const events = [event];
      this.pending.set(tx, events);
      beforeCommit(tx, () => this.insert(tx, events));
    }
    return Promise.resolve();
  }

  /**
   * Writes one event in a transaction of its own, for what was refused or failed: the request's transaction is rolled
   * back, the trace of it must stay. Call it outside any open transaction (the embedded database has one session).
   */
  async recordAlone(ctx: AuditContext, action: AuditAction, data: AuditData = {}): Promise<void> {
    const workspace = workspaceOf(ctx);
    if (workspace) return this.db.run(workspace, (tx) => this.record(tx, ctx, action, data));
    // Events outside any workspace need nobody's rows.
    return this.db.runAsUser({ userId: NO_WORKSPACE }, (tx) => this.record(tx, ctx, action, data));
  }

  private async insert(tx: Tx, events: PendingEvent[]): Promise<void> {
    this.pending.delete(tx);
    // The workspace's chain before the one of no workspace, in every transaction: two that need both never deadlock.
    const ordered = [...events].sort((a, b) => Number(a.workspace_id === null) - Number(b.workspace_id === null));
    await tx.query(INSERT, [JSON.stringify(ordered)]);
  }

  private eventOf(ctx: AuditContext, action: AuditAction, data: AuditData): PendingEvent {
    const [id, actor, workspaceId] = [newId(), actorOf(ctx), workspaceOf(ctx)?.workspaceId ?? null];
    const { ip } = ctx;
    return {
      id,
      workspace_id: workspaceId,
      action,
      result: resultOf(action),
      actor_type: actor.type,
      actor_id: actor.type === 'system' ? null : actor.id,
      data: { ...data },
      address: ip === undefined ? null : this.addresses.seal(id, workspaceId, ip),
      ip_index: ip === undefined ? null : this.addresses.indexOf(workspaceId, ip).toString('hex'),
      request_id: ctx.requestId ?? null,
    };
  }
}
