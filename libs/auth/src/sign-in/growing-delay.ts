import type { KeyValueStore } from '@app/cache';
import type { Clock } from '@app/kernel';

export interface GrowingLimit {
  readonly maxAttempts: number;
  readonly windowSeconds: number;
  readonly longestDelaySeconds: number;
  /** How long a refusal makes the next one longer. */
  readonly memorySeconds: number;
}

/** Where an attempt stands. */
export interface Verdict {
  readonly isAllowed: boolean;
  /** True for the first refused attempt of a window alone: the one worth a line in the audit trail. */
  readonly isFirstRefused: boolean;
  readonly retryAfterSeconds: number;
}

/**
 * So many attempts in a window, and then a wait: the rest of the window the first time, and from then on twice as long as
 * before, up to the longest. Trying while it lasts does not make it longer. A success forgets all of it.
 */
export class GrowingDelay {
  constructor(
    private readonly store: KeyValueStore,
    private readonly clock: Clock,
    private readonly limit: GrowingLimit,
  ) {}

  async count(name: string): Promise<Verdict> {
    const { maxAttempts, windowSeconds } = this.limit;
    const closedSeconds = await this.closedSeconds(name);
    if (closedSeconds > 0) return { isAllowed: false, isFirstRefused: false, retryAfterSeconds: closedSeconds };
    const { count, resetsInSeconds } = await this.store.increment(name, windowSeconds);
    const isFirstRefused = count === maxAttempts + 1;
    const delay = isFirstRefused ? await this.close(name) : 0;
    return { isAllowed: count <= maxAttempts, isFirstRefused, retryAfterSeconds: Math.max(resetsInSeconds, delay) };
  }

  async forget(name: string): Promise<void> {
    for (const key of [name, `${name}:refusals`, `${name}:closed`]) await this.store.delete(key);
  }

  /** @returns seconds; 0 the first time, when the window itself is the wait */
  private async close(name: string): Promise<number> {
    const { windowSeconds, longestDelaySeconds, memorySeconds } = this.limit;
    const { count: refusals } = await this.store.increment(`${name}:refusals`, memorySeconds);
    if (refusals === 1) return 0;
    const delay = Math.min(windowSeconds * 2 ** (refusals - 1), longestDelaySeconds);
    await this.store.set(`${name}:closed`, String(this.clock.now().getTime() + delay * 1000), delay);
    return delay;
  }

  private async closedSeconds(name: string): Promise<number> {
    const until = Number((await this.store.get(`${name}:closed`)) ?? 0);
    return Math.ceil((until - this.clock.now().getTime()) / 1000);
  }
}
