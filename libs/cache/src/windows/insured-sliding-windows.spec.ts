import { FakeClock } from '@app/kernel/testing';
import { Logger } from '@nestjs/common';

import { describeSlidingWindows } from '../testing/describe-sliding-windows';
import { InsuredSlidingWindows } from './insured-sliding-windows';
import { MemorySlidingWindows } from './memory-sliding-windows';
import type { WindowLimit, WindowState } from './sliding-windows';

/** Windows that can be switched off. */
class FlakyWindows extends MemorySlidingWindows {
  isAway = false;
  asked = 0;

  override async hit(group: string, windows: readonly WindowLimit[]): Promise<WindowState[]> {
    this.asked += 1;
    if (this.isAway) throw new Error('connection lost');
    return super.hit(group, windows);
  }
}

describeSlidingWindows('InsuredSlidingWindows', async () => {
  const clock = new FakeClock();
  const windows = new InsuredSlidingWindows(new MemorySlidingWindows(clock), clock);
  return { here: windows, there: windows, pass: (seconds) => clock.advance(seconds), now: () => clock.now().getTime() };
});

describe('InsuredSlidingWindows', () => {
  let clock: FakeClock;
  let shared: FlakyWindows;
  let windows: InsuredSlidingWindows;
  const hit = async (): Promise<boolean | undefined> =>
    (await windows.hit('w', [{ key: 'v', windowSeconds: 60, limit: 3 }]))[0]?.isAllowed;

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(() => {
    clock = new FakeClock();
    shared = new FlakyWindows(clock);
    windows = new InsuredSlidingWindows(shared, clock);
  });

  it('goes on limiting by itself while the store is away', async () => {
    shared.isAway = true;
    expect([await hit(), await hit(), await hit(), await hit()]).toEqual([true, true, true, false]);
  });

  it('asks a store that failed again only after a while, so that it costs nobody its timeout', async () => {
    shared.isAway = true;
    for (let index = 0; index < 10; index += 1) await hit();
    expect(shared.asked).toBe(1);
    shared.isAway = false;
    clock.advance(5);
    expect(await hit()).toBe(true);
    expect(shared.asked).toBe(2);
  });
});
