import type { KeyValueStore } from '@app/cache';
import type { Clock } from '@app/kernel';

import type { Verdict } from './growing-delay';

export interface FailureLimit {
  readonly maxFailures: number;
  readonly windowSeconds: number;
}

export interface CountedFailure extends Verdict {
  /** It was none after all. */
  credit(): Promise<void>;
}

/**
 * Counts failures in windows that start with the first. An attempt counts as failed before it is known to be, so that many
 * at once are no way around the limit; one that turns out well is credited to the window it was counted in, and to no
 * other.
 */
export class FailureCounter {
  constructor(
    private readonly store: KeyValueStore,
    private readonly clock: Clock,
    private readonly limit: FailureLimit,
  ) {}

  async count(name: string): Promise<CountedFailure> {
    const { maxFailures, windowSeconds } = this.limit;
    const { count, resetsInSeconds } = await this.store.increment(name, windowSeconds);
    const failures = count - Number((await this.store.get(creditsOf(name))) ?? 0);
    const endsAt = this.clock.now().getTime() + resetsInSeconds * 1000;
    return {
      isAllowed: failures <= maxFailures,
      isFirstRefused: failures === maxFailures + 1,
      retryAfterSeconds: resetsInSeconds,
      credit: () => this.credit(name, endsAt),
    };
  }

  /** Credits end with the window they belong to. */
  private async credit(name: string, endsAt: number): Promise<void> {
    const secondsLeft = Math.ceil((endsAt - this.clock.now().getTime()) / 1000);
    if (secondsLeft > 0) await this.store.increment(creditsOf(name), secondsLeft);
  }
}

const creditsOf = (name: string): string => `${name}:credit`;
