import { FakeClock } from '@app/kernel/testing';

import { describeSlidingWindows } from '../testing/describe-sliding-windows';
import { MemorySlidingWindows } from './memory-sliding-windows';

describeSlidingWindows('MemorySlidingWindows', async () => {
  const clock = new FakeClock();
  const windows = new MemorySlidingWindows(clock);
  return { here: windows, there: windows, pass: (seconds) => clock.advance(seconds), now: () => clock.now().getTime() };
});

describe('MemorySlidingWindows when full', () => {
  const hit = (windows: MemorySlidingWindows, key: string) =>
    windows.hit('all', [{ key, windowSeconds: 60, limit: 1 }]).then(([state]) => state?.isAllowed);

  it('never holds more than its bound, and lets the oldest go first', async () => {
    const windows = new MemorySlidingWindows(new FakeClock(), 100);
    for (let index = 0; index < 1_000; index += 1) await hit(windows, `key:${index}`);
    expect(windows.size).toBeLessThanOrEqual(100);
    expect(await hit(windows, 'key:999')).toBe(false);
    expect(await hit(windows, 'key:0')).toBe(true);
  });

  it('lets windows that are over go before living ones', async () => {
    const clock = new FakeClock();
    const windows = new MemorySlidingWindows(clock, 10);
    await windows.hit('all', [{ key: 'living', windowSeconds: 600, limit: 1 }]);
    for (let index = 0; index < 9; index += 1) await hit(windows, `short:${index}`);
    clock.advance(61);
    await hit(windows, 'new');
    expect(windows.size).toBe(2);
  });
});
