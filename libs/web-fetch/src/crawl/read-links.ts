import { setImmediate } from 'node:timers/promises';
import { resolveUrl } from './addresses';

export interface PageLinks {
  /** Each once, in the order of the page, in the form of `resolveUrl`; any host. */
  readonly links: readonly URL[];
  /** What the page says is its own address, if it does. */
  readonly canonical?: URL;
}

const CHUNK_CHARACTERS = 64 * 1024;
const MAX_LINKS = 2_000;
/** Looking up a closing tag costs the depth it is at. Pages nest some dozens deep. */
const MAX_DEPTH = 1_000;

/**
 * Reads where a page leads. Only events are looked at, nothing is built, and other work gets its turn every 64 K
 * characters. A page that nests too deep is read up to there.
 *
 * @param url of the page, against which its links are read unless it has a `<base>`
 */
export async function readLinks(html: string, url: string): Promise<PageLinks> {
  const { Parser } = await import('htmlparser2');
  const reading = new LinkReading(url);
  const parser = new Parser(reading, { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true });
  for (let at = 0; at < html.length && !reading.isOver; at += CHUNK_CHARACTERS) {
    parser.write(html.slice(at, at + CHUNK_CHARACTERS));
    await setImmediate();
  }
  if (!reading.isOver) parser.end();
  return { links: [...reading.links.values()], ...(reading.canonical && { canonical: reading.canonical }) };
}

type Attributes = Readonly<Record<string, string>>;

class LinkReading {
  readonly links = new Map<string, URL>();
  canonical: URL | undefined;
  isOver = false;
  private base: string;
  private hasBase = false;
  private depth = 0;

  constructor(private readonly url: string) {
    this.base = url;
  }

  onopentag(name: string, attributes: Attributes): void {
    if (this.isOver) return;
    this.isOver = ++this.depth > MAX_DEPTH;
    const { href } = attributes;
    if (href === undefined) return;
    if (name === 'a' || name === 'area') this.link(href);
    else if (name === 'link') this.relation(href, attributes);
    else if (name === 'base') this.rebase(href);
  }

  onclosetag(): void {
    this.depth--;
  }

  private link(href: string): void {
    const url = resolveUrl(href.trim(), this.base);
    if (url) this.links.set(url.href, url);
    this.isOver ||= this.links.size >= MAX_LINKS;
  }

  private relation(href: string, { rel = '' }: Attributes): void {
    const isCanonical = rel.toLowerCase().split(/\s+/).includes('canonical');
    if (isCanonical) this.canonical ??= resolveUrl(href.trim(), this.base) ?? undefined;
  }

  /** The first one counts (HTML, 4.2.3). */
  private rebase(href: string): void {
    if (this.hasBase) return;
    this.hasBase = true;
    this.base = resolveUrl(href.trim(), this.url)?.href ?? this.base;
  }
}
