import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, type ErrorCode, newId, type WorkspaceContext } from '@app/kernel';
import type { KnownPage } from '@app/web-fetch';
import { Injectable } from '@nestjs/common';
import { Source } from './source.entity';
import { SourceChange } from './source-change.entity';
import { SourcePage } from './source-page.entity';
import type { SyncJob } from './source-queue';
import { type PageOutcome, SourceRun } from './source-run.entity';
import { nextSyncAt } from './source-schedule';

/** Runs whose reports a source keeps. */
const KEPT_RUNS = 50;

/** A run that somebody works on, with what it reads. */
export interface Sync {
  readonly ctx: WorkspaceContext;
  readonly source: Source;
  readonly run: SourceRun;
}

/** What a visit to an address found. */
export interface Seen {
  readonly url: string;
  readonly outcome: PageOutcome;
  readonly version?: number;
  /** What is remembered of it from now on. */
  readonly page: Partial<SourcePage>;
  /** Known and not yet visited. */
  readonly waiting: number;
}

export type SyncEnd = { readonly reason: 'complete' | 'limit' } | { readonly failure: ErrorCode };

/** Somebody cancelled the run or deleted its source while it was worked on. */
export class SyncEnded extends Error {}

/**
 * What a run writes, each visit in one short transaction that changes nothing when the run has ended meanwhile, and
 * nothing a second time when a run is gone on with after a crash.
 */
@Injectable()
export class SyncRecord {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Counts an attempt. null when the run has ended. */
  begin(ctx: WorkspaceContext, { workspaceId, sourceId, runId }: SyncJob): Promise<Sync | null> {
    return this.db.run(ctx, async (tx) => {
      const source = await tx.getRepository(Source).findOneBy({ workspaceId, id: sourceId });
      const runs = tx.getRepository(SourceRun);
      const run = await runs.findOneBy({ workspaceId, id: runId, status: 'running' });
      if (!source || !run) return null;
      await runs.update({ workspaceId, id: runId }, { attempts: () => 'attempts + 1' });
      return { ctx, source, run: { ...run, attempts: run.attempts + 1 } };
    });
  }

  /** A shutdown or an outage says nothing about the source. */
  async takeBackAttempt({ ctx, run }: Sync): Promise<void> {
    const attempts = () => 'greatest(attempts - 1, 0)';
    await this.db.run(ctx, (tx) => tx.getRepository(SourceRun).update(keyOf(run), { attempts }));
  }

  find({ ctx, source }: Sync, url: string): Promise<SourcePage | null> {
    const { workspaceId, id: sourceId } = source;
    return this.db.run(ctx, (tx) => tx.getRepository(SourcePage).findOneBy({ workspaceId, sourceId, url }));
  }

  /** For the crawler. Nothing of a page whose content has to be seen again. */
  async recall(sync: Sync, url: string): Promise<KnownPage | undefined> {
    const page = await this.find(sync, url);
    if (!page || page.documentId === null || page.errorCode?.startsWith('document.')) return undefined;
    const { etag, lastModified, canonicalUrl, links } = page;
    const isFresh = page.lastSeenRun === sync.run.id && page.state === 'ok';
    const validators = { ...(etag !== null && { etag }), ...(lastModified !== null && { lastModified }) };
    return { validators, canonicalUrl, links, isFresh };
  }

  /**
   * @param also what changes together with it
   * @throws SyncEnded
   */
  async see(
    { ctx, source, run }: Sync,
    { url, outcome, version, page, waiting }: Seen,
    also: (tx: Tx) => Promise<void> = async () => undefined,
  ): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await holdRunning(tx, run);
      if (page.documentId) await holdDocument(tx, ctx, page.documentId);
      const pages = tx.getRepository(SourcePage);
      const known = await pages.findOneBy({ workspaceId: run.workspaceId, sourceId: source.id, url });
      if (known?.lastSeenRun === run.id) return;
      const seen = { ...(known ?? freshPage(source, url)), ...page, lastSeenRun: run.id, updatedAt: this.clock.now() };
      await pages.save(seen);
      const counts = { [outcome]: () => `${outcome} + 1`, waiting, attempts: 0 };
      await tx.getRepository(SourceRun).update(keyOf(run), counts);
      if (outcome !== 'unchanged') await addChange(tx, run, { ...seen, kind: outcome, version: version ?? null });
      await also(tx);
    });
  }

  /** @throws SyncEnded */
  async finish({ ctx, source, run }: Sync, end: SyncEnd): Promise<void> {
    const { workspaceId, id: sourceId } = source;
    const now = this.clock.now();
    await this.db.run(ctx, async (tx) => {
      await holdRunning(tx, run);
      const isDone = 'reason' in end;
      const ended = isDone
        ? ({ status: 'done', endReason: end.reason } as const)
        : ({ status: 'failed', errorCode: end.failure } as const);
      await tx.getRepository(SourceRun).update(keyOf(run), { ...ended, waiting: 0, endedAt: now });
      const current = await tx.getRepository(Source).findOneByOrFail({ workspaceId, id: sourceId });
      const consecutiveFailures = isDone ? 0 : current.consecutiveFailures + 1;
      const at = nextSyncAt({ ...current, consecutiveFailures }, now);
      await tx.getRepository(Source).update({ workspaceId, id: sourceId }, { consecutiveFailures, nextSyncAt: at });
      await forgetOldRuns(tx, source);
      await this.recordEnd(tx, { ctx, source, run }, end);
    });
  }

  private async recordEnd(tx: Tx, { ctx, source, run }: Sync, end: SyncEnd): Promise<void> {
    const facts = { sourceId: source.id, runId: run.id };
    if ('failure' in end) return this.audit.record(tx, ctx, 'source.sync-failed', { ...facts, code: end.failure });
    const { added, changed, restored, removed, dead, failed } = await tx
      .getRepository(SourceRun)
      .findOneByOrFail(keyOf(run));
    const counts = { added, changed, restored, removed, dead, failed };
    await this.audit.record(tx, ctx, 'source.synced', { ...facts, ...counts });
  }
}

export const keyOf = ({ workspaceId, id }: { workspaceId: string; id: string }) => ({ workspaceId, id });

/** Whoever ends the run, or deletes its source, waits for this transaction. @throws SyncEnded */
export async function holdRunning(tx: Tx, { workspaceId, id, sourceId }: SourceRun): Promise<void> {
  // The source before its runs, like everybody who locks both.
  await tx.query('select 1 from sources where workspace_id = $1 and id = $2 for no key update', [
    workspaceId,
    sourceId,
  ]);
  const running: unknown[] = await tx.query(
    `select 1 from source_runs where workspace_id = $1 and id = $2 and status = 'running' for update`,
    [workspaceId, id],
  );
  if (running.length === 0) throw new SyncEnded();
}

/** A document before the page that refers to it, like whoever deletes the document. */
export async function holdDocument(tx: Tx, { workspaceId }: WorkspaceContext, id: string): Promise<void> {
  await tx.query('select 1 from documents where workspace_id = $1 and id = $2 for update', [workspaceId, id]);
}

type Change = Pick<SourceChange, 'url' | 'kind' | 'documentId' | 'version' | 'errorCode' | 'fromUrl'>;

export async function addChange(tx: Tx, run: SourceRun, change: Change): Promise<void> {
  const { url, kind, documentId, version, errorCode, fromUrl } = change;
  const line = { url, kind, documentId, version, errorCode, fromUrl };
  const key = { workspaceId: run.workspaceId, id: newId(), runId: run.id };
  await tx.getRepository(SourceChange).insert({ ...key, ...line });
}

const freshPage = ({ workspaceId, id }: Source, url: string): Omit<SourcePage, 'lastSeenRun' | 'updatedAt'> => ({
  ...{ workspaceId, id: newId(), sourceId: id, url, canonicalUrl: url, documentId: null },
  ...{ etag: null, lastModified: null, links: [], sha256: null },
  ...{ state: 'ok', errorCode: null, fromUrl: null, misses: 0, lastMissedRun: null },
});

async function forgetOldRuns(tx: Tx, { workspaceId, id }: Source): Promise<void> {
  await tx.query(
    `delete from source_runs where workspace_id = $1 and id in (
       select id from source_runs where workspace_id = $1 and source_id = $2 order by id desc offset $3)`,
    [workspaceId, id, KEPT_RUNS],
  );
}
