import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError } from '@app/kernel';
import { isSameHost, resolveUrl } from '../crawl/addresses';
import type { SafeFetch } from '../fetch/safe-fetch';
import { errorOfStatus } from '../fetch/source-error';
import { systemCodeOf } from '../fetch/system-code';
import type { WebContent } from '../fetch/web-answer';
import { parseSitemap, type Sitemap } from './parse-sitemap';

/** sitemaps.org allows 50 MB; this holds what is read of one, before and after unpacking. */
const MAX_SITEMAP_BYTES = 10 * 1024 * 1024;
/** sitemaps.org: of one file. */
const MAX_ENTRIES_PER_SITEMAP = 50_000;
const MAX_SITEMAPS = 50;
const TYPES = [
  'application/xml',
  'text/xml',
  'text/plain',
  'application/rss+xml',
  'application/octet-stream',
  'application/gzip',
  'application/x-gzip',
];

const unpack = promisify(gunzip);

interface SitemapPage {
  readonly url: string;
  readonly lastModifiedAt?: Date;
}

export interface SitemapPages {
  /** Each once, in the order of the sitemap, all on its host. */
  readonly pages: readonly SitemapPage[];
  /** Sitemaps of an index that could not be read. */
  readonly failed: readonly { readonly url: string; readonly error: AppError }[];
  /** There are more pages or sitemaps than were asked for or are read. */
  readonly isCut: boolean;
}

/**
 * Reads the pages that a sitemap names. An index is followed one level down. Only addresses on the sitemap's own host
 * count (sitemaps.org, "Sitemap file location"), also for the sitemaps of an index.
 */
export class SitemapReader {
  constructor(private readonly fetcher: SafeFetch) {}

  /**
   * @throws AppError what `SafeFetch` throws, `source.sitemap-invalid`, and the errors of statuses, for the first file
   * @throws the signal's reason
   */
  async read(url: string, maxPages: number, signal?: AbortSignal): Promise<SitemapPages> {
    const collected = new Collected(maxPages);
    const { sitemap, base } = await this.sitemap(url, signal);
    if (sitemap.lists === 'pages') collected.add(sitemap, base);
    else await this.follow(sitemap, base, { collected, signal });
    return collected;
  }

  private async follow(
    index: Sitemap,
    base: URL,
    { collected, signal }: { collected: Collected; signal: AbortSignal | undefined },
  ): Promise<void> {
    const urls = index.entries.flatMap(({ location }) => ownAddress(location, base) ?? []);
    collected.isCut ||= index.isCut || urls.length > MAX_SITEMAPS;
    for (const { href } of urls.slice(0, MAX_SITEMAPS)) {
      if (collected.isFull) return void (collected.isCut = true);
      try {
        const part = await this.sitemap(href, signal);
        if (part.sitemap.lists !== 'pages') throw new AppError('source.sitemap-invalid');
        collected.add(part.sitemap, base);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        collected.failed.push({ url: href, error });
      }
    }
  }

  private async sitemap(url: string, signal: AbortSignal | undefined): Promise<{ sitemap: Sitemap; base: URL }> {
    const answer = await this.fetcher.get(url, { accept: TYPES, maxBytes: MAX_SITEMAP_BYTES, signal });
    if (answer.kind === 'status') throw errorOfStatus(answer.status, answer.retryAfterSeconds);
    if (answer.kind !== 'content') throw new AppError('source.answer-invalid');
    const sitemap = await parseSitemap(await xmlOf(answer), MAX_ENTRIES_PER_SITEMAP);
    if (sitemap.lists === 'none') throw new AppError('source.sitemap-invalid');
    return { sitemap, base: new URL(answer.url) };
  }
}

class Collected implements SitemapPages {
  readonly failed: { url: string; error: AppError }[] = [];
  isCut = false;
  private readonly found = new Map<string, SitemapPage>();

  constructor(private readonly maxPages: number) {}

  get pages(): readonly SitemapPage[] {
    return [...this.found.values()];
  }

  get isFull(): boolean {
    return this.found.size >= this.maxPages;
  }

  add(sitemap: Sitemap, base: URL): void {
    this.isCut ||= sitemap.isCut;
    for (const { location, lastModifiedAt } of sitemap.entries) {
      const url = ownAddress(location, base)?.href;
      if (url === undefined || this.found.has(url)) continue;
      if (this.isFull) return void (this.isCut = true);
      this.found.set(url, { url, ...(lastModifiedAt && { lastModifiedAt }) });
    }
  }
}

function ownAddress(location: string, base: URL): URL | null {
  const url = resolveUrl(location, base);
  return url && isSameHost(url, base) ? url : null;
}

/** `sitemap.xml.gz` is a packed file, whatever its type says; packing on the way was undone before. */
async function xmlOf({ bytes }: WebContent): Promise<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return (await unpack(bytes, { maxOutputLength: MAX_SITEMAP_BYTES })).toString('utf8');
  } catch (error) {
    const isTooLarge = systemCodeOf(error) === 'ERR_BUFFER_TOO_LARGE';
    throw new AppError(isTooLarge ? 'source.too-large' : 'source.answer-invalid', { cause: error });
  }
}
