import type { Tx } from '@app/database';
import { AppError, type ErrorCode } from '@app/kernel';
import type { CrawlEvent, KnownPage } from '@app/web-fetch';
import { Injectable } from '@nestjs/common';
import { PageIntake, type Taken } from './page-intake';
import { PageRemoval } from './page-removal';
import type { SourcePage } from './source-page.entity';
import { type Sync, SyncRecord } from './sync-record';

type Visit = Exclude<CrawlEvent, { kind: 'end' }>;
type FoundVisit = Extract<Visit, { kind: 'page' | 'unchanged' }>;

/** More than this is not remembered of one page; it is then read anew each time, and its links with it. */
const MAX_LINKS_BYTES = 256 * 1024;

/** Does what follows from a visit to a page, and writes it down. */
@Injectable()
export class PageVisits {
  constructor(
    private readonly record: SyncRecord,
    private readonly intake: PageIntake,
    private readonly removal: PageRemoval,
  ) {}

  /**
   * @returns why the page could not be read or taken, null when it was
   * @throws SyncEnded, and errors of services that are away: nothing was written then
   */
  async apply(sync: Sync, visit: Visit): Promise<ErrorCode | null> {
    const known = await this.record.find(sync, visit.url);
    if (known?.lastSeenRun === sync.run.id) return known.state === 'ok' ? null : known.errorCode;
    if (visit.kind === 'gone') return this.fail(sync, visit, 'source.gone');
    return visit.kind === 'failed' ? this.fail(sync, visit, visit.error.code) : this.accept(sync, visit, known);
  }

  private async accept(sync: Sync, visit: FoundVisit, known: SourcePage | null): Promise<ErrorCode | null> {
    try {
      const taken = await this.take(sync, visit, known);
      const page = { ...memoryOf(visit.known), ...taken.page, ...FOUND, documentId: taken.documentId };
      const former = known?.documentId === taken.documentId ? null : (known?.documentId ?? null);
      const seen = { page, outcome: taken.outcome, version: taken.version };
      await this.see(sync, visit, seen, async (tx) => {
        if (former) await this.removal.release(tx, sync, former);
      });
      return null;
    } catch (error) {
      if (!isOfPage(error)) throw error;
      // A page that is known keeps its document, and so what answers say.
      const isRefused = visit.kind === 'page' && error.code.startsWith('document.');
      return this.fail(sync, visit, error.code, isRefused ? seenContent(this.intake.digestOf(visit.content)) : {});
    }
  }

  private async take(sync: Sync, visit: FoundVisit, known: SourcePage | null): Promise<TakenPage> {
    if (visit.kind === 'page') {
      const { url, content } = visit;
      const { digest, ...taken } = await this.intake.take(sync, {
        known,
        url,
        content,
        canonicalUrl: visit.known.canonicalUrl,
      });
      return { ...taken, page: { sha256: digest } };
    }
    const confirmed = known && (await this.intake.confirm(sync, known));
    // Its document was deleted in this moment; the next run sends no validators and takes it anew.
    if (!confirmed) throw new AppError('document.not-found');
    return { ...confirmed, page: {} };
  }

  private async fail(
    sync: Sync,
    visit: Visit,
    errorCode: ErrorCode,
    content: Partial<SourcePage> = {},
  ): Promise<ErrorCode> {
    const from = 'from' in visit ? visit.from : undefined;
    const state = visit.kind === 'gone' ? 'gone' : 'failed';
    const page = { ...content, state, errorCode, fromUrl: from ?? null } as const;
    await this.see(sync, visit, { page, outcome: visit.kind === 'gone' ? 'dead' : 'failed' });
    return errorCode;
  }

  private see(
    sync: Sync,
    { url, progress }: Visit,
    seen: { page: Partial<SourcePage>; outcome: Taken['outcome']; version?: number },
    also?: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    return this.record.see(sync, { ...seen, url, waiting: progress.waiting }, also);
  }
}

type TakenPage = Taken & { readonly page: Partial<SourcePage> };

const FOUND = { state: 'ok', errorCode: null, fromUrl: null, misses: 0, lastMissedRun: null } as const;

function memoryOf({ validators, canonicalUrl, links }: KnownPage): Partial<SourcePage> {
  const isSmall = JSON.stringify(links).length <= MAX_LINKS_BYTES;
  if (!isSmall) return { canonicalUrl, links: [], etag: null, lastModified: null };
  const { etag = null, lastModified = null } = validators;
  return { canonicalUrl, links: [...links], etag, lastModified };
}

/** What was refused is known again when it comes again; the site is not asked whether it is as what was taken before. */
const seenContent = (sha256: Buffer): Partial<SourcePage> => ({ sha256, etag: null, lastModified: null });

/** Errors that say something of this page; all others end the attempt, and another one begins. */
const isOfPage = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code.startsWith('document.') || error.code.startsWith('source.'));
