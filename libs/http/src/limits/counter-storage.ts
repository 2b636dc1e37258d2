import { type KeyValueStore, MemoryKeyValueStore, type WindowCount } from '@app/cache';
import { hmacSha256 } from '@app/crypto';
import { Clock, SystemClock } from '@app/kernel';
import { Logger } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';

type ThrottlerStorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** How long the shared store is left alone after it failed, so that a slow one does not cost each request its timeout. */
const RETRY_AFTER_MS = 5_000;

/**
 * Counts for the LimitsGuard in the shared store: one atomic counter a window. Nest's own memory storage keeps a timer
 * for every hit.
 *
 * When the shared store fails, this process counts by itself until it is back. Refusing everybody would turn a lost
 * cache into a lost service, and letting everybody through would make losing it worth an attacker's while; so each
 * node still limits, only without knowing of the others.
 */
export class CounterStorage implements ThrottlerStorage {
  private readonly logger = new Logger(CounterStorage.name);
  private readonly spare: MemoryKeyValueStore;
  private failedAt: number | null = null;

  constructor(
    private readonly store: KeyValueStore,
    /** 32 bytes. Client addresses are counted under their keyed hash: the store must not become a list of who was here. */
    private readonly key: Buffer,
    private readonly clock: Clock = new SystemClock(),
  ) {
    this.spare = new MemoryKeyValueStore(clock);
  }

  /** @param ttlMs length of the window */
  async increment(key: string, ttlMs: number, limit: number): Promise<ThrottlerStorageRecord> {
    const { count, resetsInSeconds } = await this.count(
      `limit:${hmacSha256(this.key, key).toString('base64url')}`,
      Math.ceil(ttlMs / 1000),
    );
    return {
      totalHits: count,
      timeToExpire: resetsInSeconds,
      isBlocked: count > limit,
      timeToBlockExpire: resetsInSeconds,
    };
  }

  private async count(key: string, windowSeconds: number): Promise<WindowCount> {
    const now = this.clock.now().getTime();
    if (this.failedAt !== null && now - this.failedAt < RETRY_AFTER_MS) return this.spare.increment(key, windowSeconds);
    try {
      const counted = await this.store.increment(key, windowSeconds);
      if (this.failedAt !== null) this.logger.log('Limits are shared between nodes again');
      this.failedAt = null;
      return counted;
    } catch (error) {
      if (this.failedAt === null) this.logger.error({ err: error }, 'Limits are counted by this node alone');
      this.failedAt = now;
      return this.spare.increment(key, windowSeconds);
    }
  }
}
