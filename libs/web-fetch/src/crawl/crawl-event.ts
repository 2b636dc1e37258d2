import type { AppError } from '@app/kernel';
import type { Validators, WebContent } from '../fetch/web-answer';

/** What was learned of a page when it was last read. Whoever keeps it gets `unchanged` instead of the same bytes again. */
export interface KnownPage {
  readonly validators: Validators;
  readonly canonicalUrl: string;
  /** Pages of the same host that it leads to: an unchanged page is not sent, so they can not be read from it again. */
  readonly links: readonly string[];
  /** It was read a moment ago, by a crawl that this one goes on with: it is `unchanged` without being asked for. */
  readonly isFresh?: boolean;
}

export interface CrawlOptions {
  /** Where to begin; their hosts are the ones that are read. Eight failures in a row, of whichever host, end the crawl. */
  readonly seeds: readonly string[];
  /** How many links away from a seed; 0 reads the seeds alone. */
  readonly maxDepth: number;
  /** Of pages and unchanged ones together. */
  readonly maxPages: number;
  /** Media types that are read; `text/html` and `application/xhtml+xml` are searched for links. */
  readonly accept: readonly string[];
  readonly recall?: (url: string) => KnownPage | undefined | Promise<KnownPage | undefined>;
  readonly signal?: AbortSignal;
}

export interface CrawlProgress {
  /** `page` and `unchanged`. */
  readonly delivered: number;
  /** `gone` and `failed`. */
  readonly failed: number;
  /** Copies, other sites, what robots.txt asks to leave alone, links to what is not read. */
  readonly skipped: number;
  /** Known and not yet visited. */
  readonly waiting: number;
}

interface PageFound {
  readonly kind: 'page';
  /** Where it was asked for; the key for `recall`. */
  readonly url: string;
  readonly depth: number;
  readonly content: WebContent;
  readonly known: KnownPage;
}

interface PageUnchanged {
  readonly kind: 'unchanged';
  readonly url: string;
  readonly depth: number;
  readonly known: KnownPage;
}

interface PageGone {
  readonly kind: 'gone';
  readonly url: string;
  /** The page with the dead link; none for a seed. */
  readonly from?: string;
}

interface PageFailed {
  readonly kind: 'failed';
  readonly url: string;
  readonly from?: string;
  /** `source.…`; safe to show. */
  readonly error: AppError;
}

export interface CrawlEnd {
  readonly kind: 'end';
  /** Everything was read, there was more than was asked for, or the site stopped answering. */
  readonly reason: 'complete' | 'limit' | 'site-failing';
}

export type Visit = PageFound | PageUnchanged | PageGone | PageFailed;

/**
 * A page may come with the `canonicalUrl` of one that came before only when it stands at that address itself: then it
 * replaces the other.
 */
export type CrawlEvent = (Visit | CrawlEnd) & { readonly progress: CrawlProgress };
