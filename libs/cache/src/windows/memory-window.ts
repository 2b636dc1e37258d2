import type { WindowState } from './sliding-windows';
import { type WindowGrid, wholeSeconds } from './window-grid';

/** The hits of one window in this process, by the moment of their step, oldest first. */
export class MemoryWindow {
  private readonly steps = new Map<number, number>();
  private count = 0;
  private warnedAt = Number.NEGATIVE_INFINITY;
  /** After this moment nothing in here matters any more. */
  expiresAt = 0;

  hasRoom(grid: WindowGrid, now: number): boolean {
    for (const [at, hits] of this.steps) {
      if (leavesAt(at, grid) > now) break;
      this.steps.delete(at);
      this.count -= hits;
    }
    return this.count < grid.limit;
  }

  /** @returns whether this hit is the one to warn at */
  add(grid: WindowGrid, now: number): boolean {
    const at = Math.floor(now / grid.stepMs) * grid.stepMs;
    this.steps.set(at, (this.steps.get(at) ?? 0) + 1);
    this.count += 1;
    this.expiresAt = leavesAt(at, grid);
    if (this.count < grid.nearingAt || this.warnedAt + grid.windowMs > now) return false;
    this.warnedAt = now;
    return true;
  }

  removeNewest(): void {
    const newest = [...this.steps.keys()].at(-1);
    if (newest === undefined) return;
    const left = (this.steps.get(newest) ?? 0) - 1;
    if (left > 0) this.steps.set(newest, left);
    else this.steps.delete(newest);
    this.count -= 1;
  }

  state(grid: WindowGrid, now: number, { isAllowed, isNearing }: Pick<WindowState, 'isAllowed' | 'isNearing'>) {
    return {
      isAllowed,
      isNearing,
      remaining: Math.max(0, grid.limit - this.count),
      freesInSeconds: wholeSeconds(this.freesAt(grid, isAllowed) - now),
    };
  }

  private freesAt(grid: WindowGrid, isAllowed: boolean): number {
    let left = this.count;
    for (const [at, hits] of this.steps) {
      left -= hits;
      if (isAllowed || left < grid.limit) return leavesAt(at, grid);
    }
    return 0;
  }
}

/** When the last hit that may be in a step is as old as the window is long. */
const leavesAt = (at: number, { windowMs, stepMs }: WindowGrid): number => at + stepMs - 1 + windowMs;
