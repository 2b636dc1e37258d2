import { AppError, type ErrorCode, systemContext } from '@app/kernel';
import { SitemapReader } from '@app/web-fetch';
import { Injectable, Logger } from '@nestjs/common';
import { MISSES_TO_REMOVE } from './page-intake';
import { PageRemoval } from './page-removal';
import type { SourcePage } from './source-page.entity';
import { planOf, type SourcePlan } from './source-plan';
import type { SyncJob } from './source-queue';
import { SourceWalks, type Walk } from './source-walks';
import { type Sync, type SyncEnd, SyncEnded, SyncRecord } from './sync-record';

/** Attempts without getting further before a run is given up: a crash in between counts too. */
const MAX_ATTEMPTS = 10;
/** However long a service is away, it is not the source's fault. */
const OUTAGES = new Set<ErrorCode>(['service.unavailable', 'service.busy']);

/**
 * Reads a source and brings the documents in line with it. A run that was interrupted goes on where it was: pages it has
 * read are not asked for again, and what it wrote is written once.
 */
@Injectable()
export class SourceSync {
  private readonly logger = new Logger(SourceSync.name);

  constructor(
    private readonly record: SyncRecord,
    private readonly walks: SourceWalks,
    private readonly removal: PageRemoval,
    private readonly sitemaps: SitemapReader,
  ) {}

  /** Resolves when the run has ended, in whatever way. Rejects when another attempt may succeed; the queue makes it. */
  async run(job: SyncJob, signal: AbortSignal): Promise<void> {
    const sync = await this.record.begin(systemContext(job.workspaceId), job);
    if (!sync) return;
    try {
      if (sync.run.attempts > MAX_ATTEMPTS) throw new AppError('source.sync-failed');
      await this.record.finish(sync, await this.read(sync, signal));
    } catch (error) {
      if (error instanceof SyncEnded) return;
      await this.giveUpOrRethrow(sync, error, signal);
    }
  }

  private async giveUpOrRethrow(sync: Sync, error: unknown, signal: AbortSignal): Promise<void> {
    const code = error instanceof AppError ? error.code : 'internal.error';
    if (signal.aborted || OUTAGES.has(code)) {
      await this.record.takeBackAttempt(sync);
      throw error;
    }
    if (!code.startsWith('source.')) throw error;
    this.logger.debug({ sourceId: sync.source.id, code }, 'A source could not be read');
    await this.end(sync, { failure: code });
  }

  private async end(sync: Sync, end: SyncEnd): Promise<void> {
    await this.record.finish(sync, end).catch((error: unknown) => {
      if (!(error instanceof SyncEnded)) throw error;
    });
  }

  private async read(sync: Sync, signal: AbortSignal): Promise<SyncEnd> {
    const plan = await planOf(sync.source, this.sitemaps, signal);
    for (const { url, code } of plan.failed) {
      const page = { state: 'failed', errorCode: code, fromUrl: sync.source.url } as const;
      await this.record.see(sync, { url, outcome: 'failed', page, waiting: plan.seeds.length });
    }
    const walk = await this.walks.walk(sync, plan, signal);
    const failure = failureOf(walk);
    if (failure && !(await this.isTakenDown(sync, walk))) return { failure };
    await this.settle(sync, plan, walk, signal);
    return { reason: walk.reason === 'limit' || !plan.isWhole ? 'limit' : 'complete' };
  }

  /** The one page of a source that had been read, and was not found now: its document is to leave the answers. */
  private async isTakenDown(sync: Sync, { failure }: Walk): Promise<boolean> {
    if (sync.source.kind !== 'url' || failure !== 'source.gone') return false;
    const pages = await this.removal.gone(sync);
    // A run that goes on after a crash may have taken it out already.
    return pages.some((page) => hasDocumentToLose(page) || page.lastMissedRun === sync.run.id);
  }

  /** What was not there, once it is sure that the site was. */
  private async settle(sync: Sync, plan: SourcePlan, { reason }: Walk, signal: AbortSignal): Promise<void> {
    const isJudged =
      reason === 'complete' && plan.isWhole && (plan.isList || (await this.askForUnseen(sync, plan, signal)));
    for (const page of await this.removal.gone(sync)) await this.removal.miss(sync, page);
    if (!isJudged) return;
    for (const page of await this.removal.unseen(sync)) await this.removal.miss(sync, page);
  }

  /**
   * Pages that nothing leads to any more may still be there, and then they stay.
   * @returns whether all were asked for
   */
  private async askForUnseen(sync: Sync, plan: SourcePlan, signal: AbortSignal): Promise<boolean> {
    const seeds = (await this.removal.unseen(sync)).filter(isDoubtful).map(({ url }) => url);
    if (seeds.length === 0) return true;
    const { reason } = await this.walks.walk(sync, { ...plan, seeds, maxDepth: 0, maxPages: seeds.length }, signal);
    return reason === 'complete';
  }
}

const isDoubtful = (page: SourcePage): boolean => page.state !== 'gone' || hasDocumentToLose(page);

const hasDocumentToLose = ({ documentId, misses }: SourcePage): boolean =>
  documentId !== null && misses < MISSES_TO_REMOVE;

/** A site that is away says nothing about its pages. That a single page is gone is said by the page itself. */
function failureOf({ reason, hasFound, failure }: Walk): ErrorCode | null {
  if (reason === 'site-failing') return failure ?? 'source.failing';
  return hasFound ? null : (failure ?? 'source.answer-invalid');
}
