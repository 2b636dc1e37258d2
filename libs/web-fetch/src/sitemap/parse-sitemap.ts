import { setImmediate } from 'node:timers/promises';
import { MAX_URL_LENGTH } from '../fetch/judge-url';

interface SitemapEntry {
  /** As written, not judged. */
  readonly location: string;
  /** Absent when it is missing or no date. */
  readonly lastModifiedAt?: Date;
}

export interface Sitemap {
  /** Pages, or other sitemaps; `none` when it is no sitemap. */
  readonly lists: 'pages' | 'sitemaps' | 'none';
  readonly entries: readonly SitemapEntry[];
  /** There were more than the limit. */
  readonly isCut: boolean;
}

const CHUNK_CHARACTERS = 64 * 1024;
/** Entries lie at three, those of extensions a little deeper; looking up closing tags costs depth, so a tower its square. */
const MAX_DEPTH = 32;
const ROOTS: Readonly<Record<string, Sitemap['lists']>> = { urlset: 'pages', sitemapindex: 'sitemaps' };
const ITEMS: Readonly<Record<Sitemap['lists'], string>> = { pages: 'url', sitemaps: 'sitemap', none: '' };

/**
 * Reads a sitemap (sitemaps.org 0.9) as a stream of events: no tree is built, no entity but XML's own is known, and
 * reading stops at the limit. What nests as no sitemap does is none. Elements of extensions, which have prefixes of their own, are passed over.
 */
export async function parseSitemap(xml: string, maxEntries: number): Promise<Sitemap> {
  const { Parser } = await import('htmlparser2');
  const reader = new SitemapReading(maxEntries);
  const parser = new Parser(reader, { xmlMode: true, decodeEntities: true });
  try {
    for (let at = 0; at < xml.length && !reader.isOver; at += CHUNK_CHARACTERS) {
      parser.write(xml.slice(at, at + CHUNK_CHARACTERS));
      await setImmediate(); // other work's turn
    }
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return { lists: 'none', entries: [], isCut: false };
  }
  return { lists: reader.lists, entries: reader.entries, isCut: reader.isCut };
}

/** It nests as no sitemap does. */
class TooDeep extends Error {}

class SitemapReading {
  readonly entries: SitemapEntry[] = [];
  lists: Sitemap['lists'] = 'none';
  isCut = false;
  /** Nothing that follows can matter. */
  isOver = false;
  /** `sm:` where the root element is `sm:urlset`. */
  private prefix = '';
  private depth = 0;
  private field: 'loc' | 'lastmod' | undefined;
  private texts = { loc: '', lastmod: '' };

  constructor(private readonly maxEntries: number) {}

  onopentag(name: string): void {
    this.depth++;
    if (this.depth > MAX_DEPTH) throw new TooDeep();
    if (this.isOver) return;
    if (this.depth === 1) return this.open(name);
    if (this.depth === 2) this.texts = { loc: '', lastmod: '' };
    const local = this.localName(name);
    this.field = this.depth === 3 && (local === 'loc' || local === 'lastmod') ? local : undefined;
  }

  ontext(text: string): void {
    // A longer one is not an address, and becomes none by being one character too long.
    if (this.field) this.texts[this.field] = (this.texts[this.field] + text).slice(0, MAX_URL_LENGTH + 1);
  }

  onclosetag(name: string): void {
    this.depth--;
    this.field = undefined;
    if (!this.isOver && this.depth === 1 && this.localName(name) === ITEMS[this.lists]) this.finishItem();
    if (this.depth === 0) this.isOver = true;
  }

  private open(name: string): void {
    const colon = name.indexOf(':');
    this.prefix = name.slice(0, colon + 1);
    this.lists = ROOTS[name.slice(colon + 1)] ?? 'none';
    this.isOver = this.lists === 'none';
  }

  private finishItem(): void {
    const location = this.texts.loc.trim();
    if (location === '') return;
    if (this.entries.length === this.maxEntries) {
      this.isCut = true;
      this.isOver = true;
      return;
    }
    const at = new Date(this.texts.lastmod.trim());
    this.entries.push({ location, ...(!Number.isNaN(at.getTime()) && { lastModifiedAt: at }) });
  }

  private localName(name: string): string {
    return name.startsWith(this.prefix) ? name.slice(this.prefix.length) : '';
  }
}
