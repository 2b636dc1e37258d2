import { type KeyValueStore, MemoryKeyValueStore } from '@app/cache';
import type { Clock } from '@app/kernel';
import { SharedCount } from './shared-count';

/**
 * Remembers which challenges were used: in the store, and on this node, whichever way the store goes. So a solution
 * works once, or, while the store is away, once on each node; an outage of the store ends no chat.
 */
export class UsedChallenges {
  private readonly here: MemoryKeyValueStore;
  private readonly shared: SharedCount;

  constructor(store: KeyValueStore, clock: Clock) {
    this.here = new MemoryKeyValueStore(clock);
    this.shared = new SharedCount(store, clock);
  }

  /** Whether this is its first use. Of several at once, one is. */
  async use(signature: string, keepSeconds: number): Promise<boolean> {
    const key = `challenge:${signature}`;
    const { count } = await this.here.increment(key, keepSeconds);
    return count === 1 && (await this.shared.add(key, keepSeconds)) === 1;
  }
}
