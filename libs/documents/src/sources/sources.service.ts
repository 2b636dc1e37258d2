import { AuditLog } from '@app/audit';
import { isUniqueViolation, type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { SafeFetch } from '@app/web-fetch';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { findRunning, lastRuns, mustFindSource } from './find-source';
import { Source } from './source.entity';
import { SourceRun } from './source-run.entity';
import { nextSyncAt } from './source-schedule';
import type { CreateSourceDto, SourceState, UpdateSourceDto } from './sources.dto';
import { keyOf } from './sync-record';
import { SyncStarter } from './sync-starter';

/** Of a workspace. */
const MAX_SOURCES = 200;
const DEFAULTS = { maxDepth: 5, maxPages: 500 };

/** The web sources of a workspace: adding, changing and starting them. */
@Injectable()
export class SourcesService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly starter: SyncStarter,
    private readonly fetcher: SafeFetch,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds it and starts its first sync.
   * @throws AppError `source.address-invalid`, `source.address-refused`, `source.exists` with `existingId`, `source.too-many`
   */
  async create(ctx: WorkspaceContext, input: CreateSourceDto): Promise<SourceState> {
    const url = this.fetcher.judge(input.url);
    try {
      return await this.db.run(ctx, async (tx) => {
        const source = this.newSource(ctx, { ...input, url });
        await refuseTooMany(tx, ctx);
        await tx.getRepository(Source).insert(source);
        await this.audit.record(tx, ctx, 'source.created', { sourceId: source.id, kind: source.kind });
        return await this.begun(tx, ctx, source);
      });
    } catch (error) {
      throw isUniqueViolation(error) ? await this.existing(ctx, { ...input, url }, error) : error;
    }
  }

  /** Newest first. */
  list(ctx: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<SourceState & { id: string }>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const sources = await tx.getRepository(Source).find({
        where: { workspaceId, ...(before && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      const runs = await lastRuns(
        tx,
        ctx,
        sources.map(({ id }) => id),
      );
      const states = sources.map((source) => ({ id: source.id, source, lastRun: runs.get(source.id) ?? null }));
      return toPage(states, query.limit);
    });
  }

  /** @throws AppError `source.not-found` */
  get(ctx: WorkspaceContext, id: string): Promise<SourceState> {
    return this.db.run(ctx, async (tx) => stateOf(tx, ctx, await mustFindSource(tx, ctx, id)));
  }

  /** What is left out stays. A sync that is running goes on as it began. @throws AppError `source.not-found` */
  update(ctx: WorkspaceContext, id: string, input: UpdateSourceDto): Promise<SourceState> {
    return this.db.run(ctx, async (tx) => {
      const found = await mustFindSource(tx, ctx, id, { isLocked: true });
      const now = this.clock.now();
      const changed = { ...found, ...given(input), updatedAt: now };
      const isRescheduled = changed.syncIntervalSeconds !== found.syncIntervalSeconds;
      const source = await tx
        .getRepository(Source)
        .save({ ...changed, ...(isRescheduled && { nextSyncAt: nextSyncAt(changed, now) }) });
      await this.audit.record(tx, ctx, 'source.updated', {
        sourceId: id,
        fields: Object.keys(given(input)).join(', '),
      });
      return stateOf(tx, ctx, source);
    });
  }

  /** Reads it now. @throws AppError `source.not-found`, `source.syncing` */
  sync(ctx: WorkspaceContext, id: string): Promise<SourceState> {
    return this.db.run(ctx, async (tx) => {
      const state = await this.begun(tx, ctx, await mustFindSource(tx, ctx, id, { isLocked: true }));
      await this.audit.record(tx, ctx, 'source.sync-started', { sourceId: id, runId: state.lastRun?.id ?? '' });
      return state;
    });
  }

  /** Ends its sync; what was read so far stays. @throws AppError `source.not-found`, `source.not-syncing` */
  cancel(ctx: WorkspaceContext, id: string): Promise<SourceState> {
    return this.db.run(ctx, async (tx) => {
      const source = await mustFindSource(tx, ctx, id, { isLocked: true });
      const run = await findRunning(tx, source);
      if (!run) throw new AppError('source.not-syncing');
      const ended = { status: 'cancelled', waiting: 0, endedAt: this.clock.now() } as const;
      await tx.getRepository(SourceRun).update(keyOf(run), ended);
      await this.audit.record(tx, ctx, 'source.sync-cancelled', { sourceId: id, runId: run.id });
      return stateOf(tx, ctx, source);
    });
  }

  private async existing(ctx: WorkspaceContext, { kind, url }: CreateSourceDto, cause: unknown): Promise<AppError> {
    const { workspaceId } = ctx;
    const existing = await this.db.run(ctx, (tx) => tx.getRepository(Source).findOneBy({ workspaceId, kind, url }));
    return new AppError('source.exists', { cause, ...(existing && { existingId: existing.id }) });
  }

  private async begun(tx: Tx, ctx: WorkspaceContext, source: Source): Promise<SourceState> {
    const lastRun = await this.starter.begin(tx, ctx, source);
    return { source: await mustFindSource(tx, ctx, source.id), lastRun };
  }

  private newSource({ workspaceId, actor }: WorkspaceContext, { kind, url, ...input }: CreateSourceDto): Source {
    const now = this.clock.now();
    const made = { createdBy: actor.type === 'user' ? actor.id : null, createdAt: now, updatedAt: now };
    const fresh = { title: null, syncIntervalSeconds: null, nextSyncAt: null, consecutiveFailures: 0 };
    return { workspaceId, id: newId(), kind, url, ...DEFAULTS, ...fresh, ...given(input), ...made };
  }
}

/** The fields that were sent. */
function given({ title, syncIntervalSeconds, maxDepth, maxPages }: UpdateSourceDto) {
  return {
    ...(title !== undefined && { title }),
    ...(syncIntervalSeconds !== undefined && { syncIntervalSeconds }),
    ...(maxDepth !== undefined && { maxDepth }),
    ...(maxPages !== undefined && { maxPages }),
  };
}

async function stateOf(tx: Tx, ctx: WorkspaceContext, source: Source): Promise<SourceState> {
  const runs = await lastRuns(tx, ctx, [source.id]);
  return { source, lastRun: runs.get(source.id) ?? null };
}

async function refuseTooMany(tx: Tx, { workspaceId }: WorkspaceContext): Promise<void> {
  const count = await tx.getRepository(Source).countBy({ workspaceId });
  if (count >= MAX_SOURCES) throw new AppError('source.too-many');
}
