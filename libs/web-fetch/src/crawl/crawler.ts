import type { SafeFetch } from '../fetch/safe-fetch';
import type { CrawlEvent, CrawlOptions } from './crawl-event';
import { CrawlRun } from './crawl-run';
import { HostTurns } from './host-turns';
import type { Pauses } from './site-robots';

const PAUSES: Pauses = { minMs: 1_000, maxMs: 30_000 };

/**
 * Reads the pages of sites, breadth first and politely: robots.txt is obeyed, and a host gets one request at a time with
 * a pause after it, over all crawls of one crawler. It stores nothing; what it learned comes with the pages and is
 * asked back by `recall`.
 */
export class Crawler {
  private readonly turns = new HostTurns();

  constructor(
    private readonly fetcher: SafeFetch,
    private readonly pauses: Pauses = PAUSES,
  ) {}

  /**
   * Yields each page, unchanged page and dead link as it is found, and `end` last. The next page is fetched when it is asked for.
   * @throws the signal's reason, soon after it was aborted
   */
  crawl(options: CrawlOptions): AsyncGenerator<CrawlEvent, void, undefined> {
    return new CrawlRun(this.fetcher, this.turns, this.pauses, options).events();
  }
}
