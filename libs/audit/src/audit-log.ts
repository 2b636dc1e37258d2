import { type Tx, WorkspaceDb } from '@app/database';
import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { AuditAction } from './audit-actions';
import { actorOf, type AuditContext, type AuditData, workspaceOf } from './audit-context';

/** Events outside any workspace need nobody's rows. No user has this id (RFC 9562, nil UUID). */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The append-only trail. The database refuses to change or delete what was written, for the application and the owner. */
@Injectable()
export class AuditLog {
  constructor(private readonly db: WorkspaceDb) {}

  /**
   * Writes one event in the transaction of the change it describes: both are committed or neither is.
   * `tx` must have been opened for the same workspace, or row-level security refuses the row.
   */
  async record(tx: Tx, ctx: AuditContext, action: AuditAction, data: AuditData = {}): Promise<void> {
    const actor = actorOf(ctx);
    await tx.query(
      `insert into audit_events (id, workspace_id, action, actor_type, actor_id, data, ip, request_id)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8)`,
      [
        newId(),
        workspaceOf(ctx)?.workspaceId ?? null,
        action,
        actor.type,
        actor.type === 'system' ? null : actor.id,
        JSON.stringify(data),
        ctx.ip ?? null,
        ctx.requestId ?? null,
      ],
    );
  }

  /**
   * Writes one event in a transaction of its own, for what was refused or failed: the request's transaction is rolled
   * back, the trace of it must stay. Call it outside any open transaction (the embedded database has one session).
   */
  async recordAlone(ctx: AuditContext, action: AuditAction, data: AuditData = {}): Promise<void> {
    const workspace = workspaceOf(ctx);
    if (workspace) return this.db.run(workspace, (tx) => this.record(tx, ctx, action, data));
    return this.db.runAsUser({ userId: NOBODY }, (tx) => this.record(tx, ctx, action, data));
  }
}
