import { hostOf, resolveUrl } from './addresses';

export interface Target {
  readonly url: URL;
  readonly depth: number;
  /** The page that leads here. */
  readonly from?: string;
  /** Addresses that led on to this one, the first first. */
  readonly trail: readonly string[];
  readonly isRetry: boolean;
}

/** How many addresses are remembered for each page that may be read: sites can have links without end. */
const KNOWN_PER_PAGE = 50;
const KNOWN_AT_LEAST = 1_000;

/** What a crawl has yet to visit, nearest first, each address once, all on the hosts of the seeds. */
export class Frontier {
  /** Addresses were left away because there were too many. */
  isCut = false;
  private readonly waiting: Target[] = [];
  private next = 0;
  private readonly seen = new Set<string>();
  private readonly hosts = new Set<string>();
  private readonly maxKnown: number;

  constructor(private readonly limits: { readonly maxDepth: number; readonly maxPages: number }) {
    this.maxKnown = Math.max(KNOWN_AT_LEAST, limits.maxPages * KNOWN_PER_PAGE);
  }

  get size(): number {
    return this.waiting.length - this.next;
  }

  addSeed(written: string): void {
    const url = resolveUrl(written, 'about:blank');
    if (!url) return;
    this.hosts.add(hostOf(url));
    this.add({ url, depth: 0, trail: [], isRetry: false });
  }

  addLink(url: URL, from: Target): void {
    if (from.depth >= this.limits.maxDepth || !this.isOwn(url)) return;
    this.add({ url, depth: from.depth + 1, from: from.url.href, trail: [], isRetry: false });
  }

  /** An address that stands for the target: where it leads on to, or what it says is its own. False when it is known. */
  addInstead(url: URL, target: Target, trail: readonly string[]): boolean {
    return this.add({ ...target, url, trail, isRetry: false });
  }

  /** Once more, after everything else. */
  addAgain(target: Target): void {
    this.waiting.push({ ...target, isRetry: true });
  }

  addHost(url: URL): void {
    this.hosts.add(hostOf(url));
  }

  isOwn(url: URL): boolean {
    return this.hosts.has(hostOf(url));
  }

  take(): Target | undefined {
    const target = this.waiting[this.next];
    if (target) this.next++;
    return target;
  }

  private add(target: Target): boolean {
    if (this.seen.has(target.url.href)) return false;
    if (this.seen.size >= this.maxKnown) {
      this.isCut = true;
      return false;
    }
    this.seen.add(target.url.href);
    this.waiting.push(target);
    return true;
  }
}
