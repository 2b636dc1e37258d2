import { Clock, SystemClock } from '@app/kernel';

import { type HeldSlot, Slots } from './slots';

/** The slots of one process. */
export class MemorySlots extends Slots {
  /** Name, then holder, then when the lease ends, in milliseconds. */
  private readonly leases = new Map<string, Map<string, number>>();

  constructor(private readonly clock: Clock = new SystemClock()) {
    super();
  }

  async take(name: string, holder: string, { limit, seconds }: { limit: number; seconds: number }): Promise<boolean> {
    const holders = this.livingHolders(name);
    if (holders.size >= limit && !holders.has(holder)) return false;
    this.leases.set(name, holders.set(holder, this.now() + seconds * 1000));
    return true;
  }

  async extend(held: readonly HeldSlot[], seconds: number): Promise<void> {
    for (const { name, holder } of held) {
      this.leases.set(name, this.livingHolders(name).set(holder, this.now() + seconds * 1000));
    }
  }

  async give(held: readonly HeldSlot[]): Promise<void> {
    for (const { name, holder } of held) {
      const holders = this.leases.get(name);
      holders?.delete(holder);
      if (holders?.size === 0) this.leases.delete(name);
    }
  }

  private livingHolders(name: string): Map<string, number> {
    const now = this.now();
    const holders = this.leases.get(name) ?? new Map<string, number>();
    for (const [holder, endsAt] of holders) if (endsAt <= now) holders.delete(holder);
    return holders;
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
