import type { ErrorCode } from '@app/kernel';
import { Crawler, type CrawlOptions } from '@app/web-fetch';
import { Injectable } from '@nestjs/common';
import { ACCEPTED_TYPES } from './page-file';
import { PageVisits } from './page-visits';
import { type Sync, SyncRecord } from './sync-record';

/** How a walk over a site ended. */
export interface Walk {
  readonly reason: 'complete' | 'limit' | 'site-failing';
  /** Whether any page was read and taken. */
  readonly hasFound: boolean;
  /** Of the page that failed last. */
  readonly failure: ErrorCode | null;
}

/** Goes over a site and does with each page what follows from it. */
@Injectable()
export class SourceWalks {
  constructor(
    private readonly record: SyncRecord,
    private readonly visits: PageVisits,
    private readonly crawler: Crawler,
  ) {}

  /** @throws what `PageVisits` throws, and the signal's reason */
  async walk(
    sync: Sync,
    { seeds, maxDepth, maxPages }: Pick<CrawlOptions, 'seeds' | 'maxDepth' | 'maxPages'>,
    signal: AbortSignal,
  ): Promise<Walk> {
    let [hasFound, failure]: [boolean, ErrorCode | null] = [false, null];
    const recall = (url: string) => this.record.recall(sync, url);
    const events = this.crawler.crawl({ seeds, maxDepth, maxPages, accept: ACCEPTED_TYPES, recall, signal });
    for await (const event of events) {
      if (event.kind === 'end') return { reason: event.reason, hasFound, failure };
      const code = await this.visits.apply(sync, event);
      hasFound ||= code === null;
      failure = code ?? failure;
    }
    throw new Error('A crawl ended without its end');
  }
}
