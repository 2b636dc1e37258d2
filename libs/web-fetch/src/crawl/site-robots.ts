import type { SafeFetch } from '../fetch/safe-fetch';
import { fetchRobots, type RobotsAnswer } from '../robots/fetch-robots';
import { hostOf } from './addresses';
import type { HostTurns } from './host-turns';

export interface Pauses {
  /** Between two requests to a host, where it asks for nothing else. */
  readonly minMs: number;
  /** The longest that a site may ask for. */
  readonly maxMs: number;
}

/** The robots.txt of each origin, asked for once in a crawl (RFC 9309, 2.4: at most for a day). */
export class SiteRobots {
  private readonly answers = new Map<string, Promise<RobotsAnswer>>();

  constructor(
    private readonly fetcher: SafeFetch,
    private readonly turns: HostTurns,
    private readonly pauses: Pauses,
  ) {}

  of(url: URL, signal: AbortSignal | undefined): Promise<RobotsAnswer> {
    const known = this.answers.get(url.origin);
    if (known) return known;
    const ask = (): Promise<RobotsAnswer> => fetchRobots(this.fetcher, url.origin, signal);
    const answer = this.turns.take(hostOf(url), this.pauses.minMs, signal, ask);
    this.answers.set(url.origin, answer);
    return answer;
  }

  /** How long to leave the host alone after a request. */
  pauseMsOf(answer: RobotsAnswer): number {
    const wanted = 'rules' in answer ? (answer.rules.crawlDelaySeconds ?? 0) * 1000 : 0;
    return Math.min(Math.max(wanted, this.pauses.minMs), this.pauses.maxMs);
  }
}
