import { Clock, SystemClock } from '@app/kernel';
import { MemoryWindow } from './memory-window';
import { SlidingWindows, type WindowLimit, type WindowState } from './sliding-windows';
import { gridOf } from './window-grid';

/** A window that is full of single hits takes about 6 KB; nearly all hold a few hits. */
const DEFAULT_MAX_WINDOWS = 50_000;

/**
 * The windows of one process. Bounded: when there are too many, those that are over go first and then the oldest, so a
 * flood of made-up keys costs other keys their counts, never the process its memory.
 */
export class MemorySlidingWindows extends SlidingWindows {
  private readonly windows = new Map<string, MemoryWindow>();

  constructor(
    private readonly clock: Clock = new SystemClock(),
    private readonly maxWindows = DEFAULT_MAX_WINDOWS,
  ) {
    super();
  }

  async hit(group: string, limits: readonly WindowLimit[]): Promise<WindowState[]> {
    const now = this.clock.now().getTime();
    const hits = limits.map((limit) => {
      const grid = gridOf(limit);
      const window = this.find(nameOf(group, limit));
      return { grid, window, isAllowed: window.hasRoom(grid, now) };
    });
    const isCounted = hits.every(({ isAllowed }) => isAllowed);
    return hits.map(({ grid, window, isAllowed }) => {
      const isNearing = isCounted && window.add(grid, now);
      return window.state(grid, now, { isAllowed, isNearing });
    });
  }

  async giveBack(group: string, limits: readonly WindowLimit[]): Promise<void> {
    for (const { key, windowSeconds } of limits)
      this.windows.get(nameOf(group, { key, windowSeconds }))?.removeNewest();
  }

  /** Windows held, those that are over included. */
  get size(): number {
    return this.windows.size;
  }

  private find(name: string): MemoryWindow {
    const known = this.windows.get(name);
    if (known) return known;
    if (this.windows.size >= this.maxWindows) this.makeRoom();
    const window = new MemoryWindow();
    this.windows.set(name, window);
    return window;
  }

  /** A Map keeps the order of insertion, so the first is the oldest. A tenth at once keeps this rare. */
  private makeRoom(): void {
    const now = this.clock.now().getTime();
    for (const [name, { expiresAt }] of this.windows) if (expiresAt <= now) this.windows.delete(name);
    const target = this.maxWindows - Math.max(1, Math.floor(this.maxWindows / 10));
    for (const name of this.windows.keys()) {
      if (this.windows.size <= target) return;
      this.windows.delete(name);
    }
  }
}

const nameOf = (group: string, { key, windowSeconds }: Pick<WindowLimit, 'key' | 'windowSeconds'>): string =>
  `${group}|${key}|${windowSeconds}`;
