import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, newId, systemContext, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { findRunning, mustFindSource } from './find-source';
import { Source } from './source.entity';
import { SourceQueue } from './source-queue';
import { PAGE_OUTCOMES, type PageOutcome, SourceRun } from './source-run.entity';
import { nextSyncAt } from './source-schedule';

const NO_COUNTS = Object.fromEntries(PAGE_OUTCOMES.map((outcome) => [outcome, 0])) as Record<PageOutcome, number>; // one each

/** Begins syncs: one at a time for each source, whoever asks. */
@Injectable()
export class SyncStarter {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly queue: SourceQueue,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Part of a transaction that has locked, or just made, the source. The job is queued when it was committed.
   * @throws AppError `source.syncing`
   */
  async begin(tx: Tx, { workspaceId }: WorkspaceContext, source: Source): Promise<SourceRun> {
    if (await findRunning(tx, source)) throw new AppError('source.syncing');
    const now = this.clock.now();
    const ended = { endReason: null, errorCode: null, endedAt: null };
    const job = { id: newId(), workspaceId, sourceId: source.id };
    const run: SourceRun = {
      ...job,
      ...NO_COUNTS,
      ...ended,
      status: 'running',
      attempts: 0,
      waiting: 0,
      startedAt: now,
    };
    await tx.getRepository(SourceRun).insert(run);
    // From now on, so that nobody else finds it due; its end counts anew.
    await tx.getRepository(Source).update({ workspaceId, id: source.id }, { nextSyncAt: nextSyncAt(source, now) });
    this.db.afterCommit(tx, () => this.queue.add({ workspaceId, sourceId: source.id, runId: run.id }));
    return run;
  }

  /** By the schedule. Does nothing when another worker was first, or somebody deleted the source meanwhile. */
  async startDue({ workspaceId, sourceId }: { workspaceId: string; sourceId: string }): Promise<void> {
    const ctx = systemContext(workspaceId);
    try {
      await this.db.run(ctx, async (tx) => {
        const source = await mustFindSource(tx, ctx, sourceId, { isLocked: true });
        if (source.nextSyncAt === null || source.nextSyncAt > this.clock.now()) return;
        const { id: runId } = await this.begin(tx, ctx, source);
        await this.audit.record(tx, ctx, 'source.sync-started', { sourceId, runId });
      });
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('source.')) throw error;
      if (error.code === 'source.syncing') await this.postpone(ctx, sourceId);
    }
  }

  /** It is being read longer than its interval: this turn is left out. */
  private async postpone(ctx: WorkspaceContext, sourceId: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const source = await mustFindSource(tx, ctx, sourceId);
      const at = nextSyncAt(source, this.clock.now());
      await tx.getRepository(Source).update({ workspaceId: ctx.workspaceId, id: sourceId }, { nextSyncAt: at });
    });
  }
}
