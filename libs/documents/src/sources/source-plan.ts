import { AppError, type ErrorCode } from '@app/kernel';
import type { SitemapReader } from '@app/web-fetch';
import type { Source } from './source.entity';

/** What a run sets out to read. */
export interface SourcePlan {
  readonly seeds: readonly string[];
  readonly maxDepth: number;
  readonly maxPages: number;
  /** The seeds are all there is: a page that is not among them is not wanted any more. */
  readonly isList: boolean;
  /** The list is whole. */
  readonly isWhole: boolean;
  /** Parts of the list that could not be read. */
  readonly failed: readonly { readonly url: string; readonly code: ErrorCode }[];
}

/** @throws AppError `source.…` when there is nothing to begin with */
export async function planOf(source: Source, sitemaps: SitemapReader, signal: AbortSignal): Promise<SourcePlan> {
  const { kind, url, maxDepth, maxPages } = source;
  const whole = { isWhole: true, failed: [] };
  if (kind === 'url') return { seeds: [url], maxDepth: 0, maxPages: 1, isList: true, ...whole };
  if (kind === 'crawl') return { seeds: [url], maxDepth, maxPages, isList: false, ...whole };
  const { pages, failed, isCut } = await sitemaps.read(url, maxPages, signal);
  // A sitemap of nothing is a site that is being built, or is broken.
  if (pages.length === 0) throw failed[0]?.error ?? new AppError('source.sitemap-invalid');
  return {
    seeds: pages.map((page) => page.url),
    maxDepth: 0,
    maxPages: pages.length,
    isList: true,
    isWhole: !isCut && failed.length === 0,
    failed: failed.map((part) => ({ url: part.url, code: part.error.code })),
  };
}
