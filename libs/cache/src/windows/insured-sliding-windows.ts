import { Clock, SystemClock } from '@app/kernel';
import { Logger } from '@nestjs/common';
import { MemorySlidingWindows } from './memory-sliding-windows';
import { SlidingWindows, type WindowLimit, type WindowState } from './sliding-windows';

/** How long the shared windows are left alone after they failed, so that a slow store does not cost each hit its timeout. */
const RETRY_AFTER_MS = 5_000;

/**
 * Shared windows, and while they cannot be reached, this process' own. Refusing everybody would turn a lost cache into a
 * lost service, and letting everybody through would make losing it worth an attacker's while; so each node still limits,
 * only without knowing of the others. `hit` never rejects.
 */
export class InsuredSlidingWindows extends SlidingWindows {
  private readonly logger = new Logger(InsuredSlidingWindows.name);
  private readonly spare: MemorySlidingWindows;
  private failedAt: number | null = null;

  constructor(
    private readonly shared: SlidingWindows,
    private readonly clock: Clock = new SystemClock(),
  ) {
    super();
    this.spare = new MemorySlidingWindows(clock);
  }

  async hit(group: string, windows: readonly WindowLimit[]): Promise<WindowState[]> {
    const now = this.clock.now().getTime();
    if (this.failedAt !== null && now - this.failedAt < RETRY_AFTER_MS) return this.spare.hit(group, windows);
    try {
      const states = await this.shared.hit(group, windows);
      if (this.failedAt !== null) this.logger.log('Limits are shared between nodes again');
      this.failedAt = null;
      return states;
    } catch (error) {
      if (this.failedAt === null) this.logger.error({ err: error }, 'Limits are counted by this node alone');
      this.failedAt = now;
      return this.spare.hit(group, windows);
    }
  }

  giveBack(group: string, windows: readonly WindowLimit[]): Promise<void> {
    return (this.failedAt === null ? this.shared : this.spare).giveBack(group, windows);
  }
}
