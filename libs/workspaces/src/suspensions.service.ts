import { AuditLog } from '@app/audit';
import { WorkspaceDb } from '@app/database';
import { AppError, Clock, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { StandingChanges } from './members/standing-changes';
import { Workspace } from './workspace';

/**
 * Closes a whole workspace and opens it again: the operator's answer to abuse. Members, whatever their role, get
 * `workspace.suspended`; API keys and embeds answer as if they did not exist. Nothing is deleted.
 */
@Injectable()
export class WorkspaceSuspensions {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly changes: StandingChanges,
  ) {}

  /** Twice is once. @throws AppError `workspace.not-found` */
  suspend(workspaceId: string): Promise<void> {
    return this.set(workspaceId, true);
  }

  /** @throws AppError `workspace.not-found` */
  restore(workspaceId: string): Promise<void> {
    return this.set(workspaceId, false);
  }

  private async set(workspaceId: string, isSuspended: boolean): Promise<void> {
    const ctx = systemContext(workspaceId);
    await this.db.run(ctx, async (tx) => {
      const workspace = await tx.getRepository(Workspace).findOne({
        where: { id: workspaceId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!workspace) throw new AppError('workspace.not-found');
      if ((workspace.suspendedAt !== null) === isSuspended) return;
      const suspendedAt = isSuspended ? this.clock.now() : null;
      await tx.getRepository(Workspace).update(workspaceId, { suspendedAt });
      await this.audit.record(tx, ctx, isSuspended ? 'workspace.suspended' : 'workspace.restored', { workspaceId });
      this.changes.publishAfter(tx, { workspaceId, userId: null });
    });
  }
}
