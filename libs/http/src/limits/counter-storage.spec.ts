import { MemorySlidingWindows, type WindowLimit, type WindowState } from '@app/cache';
import { FakeClock } from '@app/kernel/testing';

import { CounterStorage } from './counter-storage';

const KEY = Buffer.alloc(32, 7);

/** Remembers under which names it was asked to count. */
class WatchedWindows extends MemorySlidingWindows {
  readonly names: string[] = [];

  override hit(group: string, windows: readonly WindowLimit[]): Promise<WindowState[]> {
    this.names.push(group, ...windows.map(({ key }) => key));
    return super.hit(group, windows);
  }
}

describe('CounterStorage', () => {
  let clock: FakeClock;
  let windows: WatchedWindows;
  let storage: CounterStorage;
  const hit = () => storage.increment('default:1.2.3.4', 60_000, 3);

  beforeEach(() => {
    clock = new FakeClock();
    windows = new WatchedWindows(clock);
    storage = new CounterStorage(windows, KEY);
  });

  it('lets as many through as the limit says and then none until the first is a window old', async () => {
    expect(await hit()).toEqual({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 60 });
    clock.advance(20);
    const hits = [await hit(), await hit(), await hit()];
    expect(hits.map(({ totalHits, isBlocked }) => [totalHits, isBlocked])).toEqual([
      [2, false],
      [3, false],
      [4, true],
    ]);
    expect(hits[2]?.timeToBlockExpire).toBe(40);
    clock.advance(40);
    expect(await hit()).toMatchObject({ totalHits: 3, isBlocked: false });
  });

  it('counts each tracker alone, and its address is not to be read off the store', async () => {
    for (let index = 0; index < 4; index += 1) await hit();
    expect((await storage.increment('default:1.2.3.5', 60_000, 3)).isBlocked).toBe(false);
    expect(windows.names.join(' ')).not.toContain('1.2.3');
  });
});
