import { AppError, type ErrorCode } from '@app/kernel';
import { MAX_REDIRECTS, type SafeFetch } from '../fetch/safe-fetch';
import { errorOfStatus } from '../fetch/source-error';
import type { WebAnswer, WebContent } from '../fetch/web-answer';
import { hostOf, isWwwTwin, resolveUrl } from './addresses';
import type { CrawlEnd, CrawlEvent, CrawlOptions, CrawlProgress, KnownPage, Visit } from './crawl-event';
import { Frontier, type Target } from './frontier';
import type { HostTurns } from './host-turns';
import { pageOf } from './known-page';
import { type Pauses, SiteRobots } from './site-robots';

/** Dead links and copies cost requests too. */
const REQUESTS_PER_PAGE = 4;
const REQUESTS_AT_LEAST = 20;
/** A site that fails so often in a row is left alone. */
const MAX_FAILURES_IN_A_ROW = 8;
/** Errors of the site rather than of one page. */
const OF_THE_SITE = new Set<ErrorCode>([
  'source.unreachable',
  'source.insecure',
  'source.timeout',
  'source.failing',
  'source.busy',
]);
const DEFAULT_RETRY_SECONDS = 5;

/** One crawl. */
export class CrawlRun {
  private readonly frontier: Frontier;
  private readonly robots: SiteRobots;
  /** Canonical addresses of what was delivered. */
  private readonly delivered = new Set<string>();
  private readonly counts = { delivered: 0, failed: 0, skipped: 0 };
  private requests = 0;
  private failuresInARow = 0;

  constructor(
    private readonly fetcher: SafeFetch,
    private readonly turns: HostTurns,
    private readonly pauses: Pauses,
    private readonly options: CrawlOptions,
  ) {
    this.frontier = new Frontier(options);
    this.robots = new SiteRobots(fetcher, turns, pauses);
  }

  async *events(): AsyncGenerator<CrawlEvent, void, undefined> {
    for (const seed of this.options.seeds) {
      if (resolveUrl(seed, 'about:blank')) this.frontier.addSeed(seed);
      else yield this.tell(this.failure(seed, new AppError('source.address-invalid')));
    }
    for (let reason = this.endReason(); ; reason = this.endReason()) {
      this.options.signal?.throwIfAborted();
      const target = reason ? undefined : this.frontier.take();
      if (!target) return yield this.tell({ kind: 'end', reason: reason ?? 'complete' });
      const visit = await this.visit(target);
      if (visit) yield this.tell(visit);
    }
  }

  private endReason(): CrawlEnd['reason'] | undefined {
    if (this.failuresInARow >= MAX_FAILURES_IN_A_ROW) return 'site-failing';
    if (this.frontier.size === 0) return this.frontier.isCut ? 'limit' : 'complete';
    const maxRequests = Math.max(REQUESTS_AT_LEAST, this.options.maxPages * REQUESTS_PER_PAGE);
    const isOver = this.counts.delivered >= this.options.maxPages || this.requests >= maxRequests;
    return isOver ? 'limit' : undefined;
  }

  /** Undefined when there is nothing to tell of it. */
  private async visit(target: Target): Promise<Visit | undefined> {
    const { signal, recall, accept } = this.options;
    try {
      const robots = await this.robots.of(target.url, signal);
      if ('refusal' in robots) throw robots.refusal;
      if (!robots.rules.isAllowed(target.url)) return this.leave(target, 'source.robots-refused');
      const known = await recall?.(target.url.href);
      if (known?.isFresh) return this.deliver(target, known);
      this.requests++;
      const answer = await this.turns.take(hostOf(target.url), this.robots.pauseMsOf(robots), signal, () =>
        this.fetcher.get(target.url.href, { accept, validators: known?.validators, redirects: 'report', signal }),
      );
      return await this.read(target, answer, known);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      return this.recover(target, error);
    }
  }

  private async read(target: Target, answer: WebAnswer, known: KnownPage | undefined): Promise<Visit | undefined> {
    if (answer.kind === 'status') throw errorOfStatus(answer.status, answer.retryAfterSeconds);
    this.failuresInARow = 0;
    if (answer.kind === 'moved') return this.move(target, answer.to);
    if (answer.kind === 'content') return this.deliver(target, await pageOf(answer), answer);
    return known && this.deliver(target, known);
  }

  private deliver(target: Target, known: KnownPage, content?: WebContent): Visit | undefined {
    const { url, depth } = target;
    for (const link of known.links) {
      const to = resolveUrl(link, url);
      if (to) this.frontier.addLink(to, target);
    }
    if (known.canonicalUrl !== url.href) {
      if (this.delivered.has(known.canonicalUrl)) return this.skip();
      const own = resolveUrl(known.canonicalUrl, url);
      if (own && this.frontier.isOwn(own)) this.frontier.addInstead(own, target, []);
    }
    this.delivered.add(known.canonicalUrl);
    this.counts.delivered++;
    const found = { url: url.href, depth, known };
    return content ? { kind: 'page', ...found, content } : { kind: 'unchanged', ...found };
  }

  private move(target: Target, location: string): Visit | undefined {
    const to = resolveUrl(location, target.url);
    const trail = [...target.trail, target.url.href];
    if (!to || trail.length > MAX_REDIRECTS || trail.includes(to.href)) {
      return this.failure(target.url.href, new AppError('source.redirect-refused'), target.from);
    }
    if (target.depth === 0 && isWwwTwin(hostOf(to), hostOf(target.url))) this.frontier.addHost(to);
    if (!this.frontier.isOwn(to)) return this.leave(target, 'source.redirect-refused');
    return this.frontier.addInstead(to, target, trail) ? undefined : this.skip();
  }

  /** What a seed is told of is passed over where a link leads to it: nobody asked for it by name. */
  private leave({ depth, url }: Target, code: ErrorCode): Visit | undefined {
    return depth === 0 ? this.failure(url.href, new AppError(code)) : this.skip();
  }

  private recover(target: Target, error: AppError): Visit | undefined {
    const isOfSite = OF_THE_SITE.has(error.code);
    this.failuresInARow = isOfSite ? this.failuresInARow + 1 : 0;
    if (error.code === 'source.type-refused') return this.leave(target, error.code);
    if (error.code === 'source.busy') {
      const ms = (error.options.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS) * 1000;
      this.turns.pause(hostOf(target.url), Math.min(ms, this.pauses.maxMs));
      if (!target.isRetry) return void this.frontier.addAgain(target);
    }
    if (error.code !== 'source.gone') return this.failure(target.url.href, error, target.from);
    this.counts.failed++;
    return { kind: 'gone', url: target.url.href, ...fromOf(target.from) };
  }

  private failure(url: string, error: AppError, from?: string): Visit {
    this.counts.failed++;
    return { kind: 'failed', url, error, ...fromOf(from) };
  }

  private skip(): undefined {
    this.counts.skipped++;
  }

  private tell(event: Visit | CrawlEnd): CrawlEvent {
    const progress: CrawlProgress = { ...this.counts, waiting: this.frontier.size };
    return { ...event, progress };
  }
}

const fromOf = (from: string | undefined): { from?: string } => (from === undefined ? {} : { from });
