import { randomUUID } from 'node:crypto';

import type { SlidingWindows, WindowState } from '../windows/sliding-windows';

export interface SlidingWindowsUnderTest {
  /** Two nodes that count together; the same object where there is only one process. */
  here: SlidingWindows;
  there: SlidingWindows;
  /** Moves the windows' clock. */
  pass(seconds: number): void;
  /** Milliseconds on that clock. */
  now(): number;
  close?(): Promise<void>;
}

/** What every SlidingWindows promises. */
export function describeSlidingWindows(name: string, create: () => Promise<SlidingWindowsUnderTest>): void {
  describe(`${name} as SlidingWindows`, () => {
    let subject: SlidingWindowsUnderTest;
    let group: string;

    beforeEach(async () => {
      subject = await create();
      group = randomUUID();
    });
    afterEach(async () => subject.close?.());

    const window = (limit: number, windowSeconds = 60, key = 'visitor:1') => ({ key, windowSeconds, limit });

    /** @returns how many of `times` hits at once, from both nodes, were counted */
    async function count(times: number, ...windows: ReturnType<typeof window>[]): Promise<number> {
      const hits = Array.from({ length: times }, (_, index) =>
        (index % 2 === 0 ? subject.here : subject.there).hit(group, windows),
      );
      return (await Promise.all(hits)).filter((states) => states.every(({ isAllowed }) => isAllowed)).length;
    }

    async function one(...windows: ReturnType<typeof window>[]): Promise<WindowState> {
      const [state] = await subject.here.hit(group, windows);
      if (!state) throw new Error('each window has a state');
      return state;
    }

    it('A23 allows exactly sixty of two hundred hits that come at once over two nodes', async () => {
      expect(await count(200, window(60), window(1_000, 3_600))).toBe(60);
      expect(await one(window(60))).toMatchObject({ isAllowed: false, remaining: 0 });
    });

    it('takes back what came to nothing, the newest first, and no more than there is', async () => {
      const windows = [window(3), window(2, 3_600)];
      expect(await count(2, ...windows)).toBe(2);
      expect(await count(1, ...windows)).toBe(0);
      await subject.there.giveBack(group, windows);
      expect(await count(2, ...windows)).toBe(1);
      for (let time = 0; time < 5; time += 1) await subject.here.giveBack(group, windows);
      expect(await count(5, ...windows)).toBe(2);
      await subject.here.giveBack(group, []);
    });

    it('takes back the newest, so that the older one leaves at its own time', async () => {
      expect(await count(1, window(2))).toBe(1);
      subject.pass(40);
      expect(await count(1, window(2))).toBe(1);
      await subject.here.giveBack(group, [window(2)]);
      subject.pass(21);
      expect(await count(3, window(2))).toBe(2);
    });

    it('A24 allows exactly a thousand of an hour, however they are spread', async () => {
      let allowed = 0;
      for (let minute = 0; minute < 17; minute += 1) {
        allowed += await count(70, window(60), window(1_000, 3_600));
        subject.pass(61);
      }
      expect(allowed).toBe(1_000);
      expect(await count(5, window(60), window(1_000, 3_600))).toBe(0);
      subject.pass(3_600 - 16 * 61 + 36);
      expect(await count(70, window(60), window(1_000, 3_600))).toBe(60);
    });

    it('slides: what was counted leaves as it grows old, not all at once', async () => {
      expect(await count(20, window(60))).toBe(20);
      subject.pass(30);
      expect(await count(60, window(60))).toBe(40);
      subject.pass(31);
      expect(await count(60, window(60))).toBe(20);
    });

    it('says when a refused hit would be allowed, and it is', async () => {
      await count(30, window(60));
      subject.pass(20);
      await count(30, window(60));
      const { isAllowed, freesInSeconds } = await one(window(60));
      expect(isAllowed).toBe(false);
      expect(freesInSeconds).toBeGreaterThan(37);
      expect(freesInSeconds).toBeLessThanOrEqual(40);
      subject.pass(freesInSeconds);
      expect(await count(60, window(60))).toBe(30);
    });

    it('never lets more than the limit into any stretch of the window, also where hits are kept in steps', async () => {
      const limit = 300;
      const rounds: { from: number; to: number; allowed: number }[] = [];
      for (let round = 0; round < 60; round += 1) {
        const from = subject.now();
        const allowed = await count(40, window(limit));
        rounds.push({ from, to: subject.now(), allowed });
        subject.pass(0.13 + ((round * 7) % 10) * 0.77);
      }
      for (const { from } of rounds) {
        const within = rounds.filter((round) => round.from >= from && round.to < from + 60_000);
        expect(within.reduce((sum, { allowed }) => sum + allowed, 0)).toBeLessThanOrEqual(limit);
      }
      expect(rounds.reduce((sum, { allowed }) => sum + allowed, 0)).toBeGreaterThan(limit * 2);
    });

    it('counts a hit in all windows or in none', async () => {
      const [tight, wide] = [window(3, 60, 'visitor:1'), window(10, 60, 'embed:1')];
      expect(await count(50, tight, wide)).toBe(3);
      const [first, second] = await subject.there.hit(group, [tight, wide]);
      expect(first).toMatchObject({ isAllowed: false, remaining: 0 });
      expect(second).toMatchObject({ isAllowed: true, remaining: 7 });
      expect(await count(50, window(100, 60, 'visitor:2'), wide)).toBe(7);
    });

    it('says what is left, and warns once a window at 80 %', async () => {
      const states: WindowState[] = [];
      for (let hit = 0; hit < 10; hit += 1) states.push(await one(window(10)));
      expect(states.map(({ remaining }) => remaining)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
      expect(states.map(({ isNearing }) => isNearing).indexOf(true)).toBe(7);
      expect(states.filter(({ isNearing }) => isNearing)).toHaveLength(1);
      expect(states[0]?.freesInSeconds).toBe(60);
      subject.pass(61);
      for (let hit = 0; hit < 7; hit += 1) expect((await one(window(10))).isNearing).toBe(false);
      expect((await one(window(10))).isNearing).toBe(true);
    });

    it('keeps groups, keys and lengths apart, and takes a lower limit at once', async () => {
      expect(await count(10, window(5))).toBe(5);
      expect(await count(10, window(5, 60, 'visitor:2'))).toBe(5);
      expect(await count(10, window(5, 3_600))).toBe(5);
      group = randomUUID();
      expect(await count(10, window(300))).toBe(10);
      expect(await one(window(4))).toMatchObject({ isAllowed: false, remaining: 0 });
    });
  });
}
