import { type KeyValueStore, MemoryKeyValueStore } from '@app/cache';
import type { Clock } from '@app/kernel';
import { Logger } from '@nestjs/common';

/** How long the shared store is left alone after it failed, so that a slow one does not cost each visitor its timeout. */
const RETRY_AFTER_MS = 5_000;

/**
 * Fixed windows that all nodes share. While the store is away each node counts for itself: refusing every visitor would
 * turn a lost cache into a lost chat, and counting nobody would make losing it worth an attacker's while.
 */
export class SharedCount {
  private readonly logger = new Logger(SharedCount.name);
  private readonly spare: MemoryKeyValueStore;
  private failedAt: number | null = null;

  constructor(
    private readonly store: KeyValueStore,
    private readonly clock: Clock,
  ) {
    this.spare = new MemoryKeyValueStore(clock);
  }

  /** Counts one more and says how many that makes in this window. Never rejects. */
  async add(key: string, windowSeconds: number): Promise<number> {
    const now = this.clock.now().getTime();
    if (this.failedAt !== null && now - this.failedAt < RETRY_AFTER_MS) return this.addHere(key, windowSeconds);
    try {
      const { count } = await this.store.increment(key, windowSeconds);
      this.failedAt = null;
      return count;
    } catch (error) {
      if (this.failedAt === null) this.logger.warn({ err: error }, 'New sessions are counted by this node alone');
      this.failedAt = now;
      return this.addHere(key, windowSeconds);
    }
  }

  private async addHere(key: string, windowSeconds: number): Promise<number> {
    return (await this.spare.increment(key, windowSeconds)).count;
  }
}
