import type { SlidingWindows } from '@app/cache';
import { hmacSha256 } from '@app/crypto';
import type { ThrottlerStorage } from '@nestjs/throttler';

type ThrottlerStorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts for the LimitsGuard in windows that slide and that all nodes share. Nest's own memory storage keeps a timer for
 * every hit, and its windows let twice the limit through around their ends.
 */
export class CounterStorage implements ThrottlerStorage {
  constructor(
    private readonly windows: SlidingWindows,
    /** 32 bytes. Client addresses are counted under their keyed hash: the store must not become a list of who was here. */
    private readonly key: Buffer,
  ) {}

  /** @param ttlMs length of the window */
  async increment(key: string, ttlMs: number, limit: number): Promise<ThrottlerStorageRecord> {
    const hash = hmacSha256(this.key, key).toString('base64url');
    const [state] = await this.windows.hit(hash, [{ key: 'requests', windowSeconds: Math.ceil(ttlMs / 1000), limit }]);
    if (!state) throw new Error('a window has a state');
    const { isAllowed, remaining, freesInSeconds } = state;
    return {
      totalHits: isAllowed ? limit - remaining : limit + 1,
      timeToExpire: freesInSeconds,
      isBlocked: !isAllowed,
      timeToBlockExpire: freesInSeconds,
    };
  }
}
