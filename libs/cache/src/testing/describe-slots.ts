import { randomUUID } from 'node:crypto';

import type { Slots } from '../slots';

export interface SlotsUnderTest {
  /** Two nodes that count together; the same object where there is only one process. */
  here: Slots;
  there: Slots;
  /** Lets this many seconds pass for the slots: moves their clock, or really waits. */
  pass(seconds: number): Promise<void>;
  close?(): Promise<void>;
}

/** What every Slots promises. */
export function describeSlots(name: string, create: () => Promise<SlotsUnderTest>): void {
  describe(`${name} as Slots`, () => {
    let subject: SlotsUnderTest;
    const lease = (limit: number, seconds = 60) => ({ limit, seconds });

    beforeAll(async () => {
      subject = await create();
    });
    afterAll(async () => subject.close?.());

    /** How many of many takes at once, by turns on both nodes, got a place. */
    async function takeAtOnce(slot: string, times: number, limit: number): Promise<number> {
      const nodes = Array.from({ length: times }, (_, i) => (i % 2 ? subject.here : subject.there));
      const taken = await Promise.all(nodes.map((node) => node.take(slot, randomUUID(), lease(limit))));
      return taken.filter(Boolean).length;
    }

    it('A20 A21 gives exactly as many places as there are, to many at once on two nodes', async () => {
      expect(await takeAtOnce(randomUUID(), 40, 5)).toBe(5);
      expect(await takeAtOnce(randomUUID(), 40, 10)).toBe(10);
    });

    it('keeps names apart, and gives the place of one who left to another', async () => {
      const [first, second, holder] = [randomUUID(), randomUUID(), randomUUID()];
      expect(await subject.here.take(first, holder, lease(1))).toBe(true);
      expect(await subject.there.take(first, randomUUID(), lease(1))).toBe(false);
      expect(await subject.there.take(second, randomUUID(), lease(1))).toBe(true);
      await subject.here.give([{ name: first, holder }]);
      await subject.here.give([{ name: first, holder }]);
      expect(await takeAtOnce(first, 5, 1)).toBe(1);
    });

    it('counts a holder once', async () => {
      const [slot, holder] = [randomUUID(), randomUUID()];
      for (let turn = 0; turn < 3; turn += 1) expect(await subject.here.take(slot, holder, lease(2))).toBe(true);
      expect(await subject.here.take(slot, randomUUID(), lease(2))).toBe(true);
      expect(await subject.here.take(slot, holder, lease(2))).toBe(true);
      expect(await subject.here.take(slot, randomUUID(), lease(2))).toBe(false);
    });

    it('A20 frees the place of a holder nobody speaks for any more when its lease ends, and of no other', async () => {
      const [slot, alive] = [randomUUID(), randomUUID()];
      expect(await subject.here.take(slot, randomUUID(), lease(2, 1))).toBe(true);
      expect(await subject.here.take(slot, alive, lease(2, 1))).toBe(true);
      await subject.pass(0.6);
      await subject.here.extend([{ name: slot, holder: alive }], 60);
      await subject.pass(0.6);
      expect(await takeAtOnce(slot, 5, 2)).toBe(1);
    });

    it('takes a lost place again for a holder that is still there', async () => {
      const [slot, holder] = [randomUUID(), randomUUID()];
      await subject.here.take(slot, randomUUID(), lease(1));
      await subject.here.extend([{ name: slot, holder }], 60);
      expect(await takeAtOnce(slot, 5, 2)).toBe(0);
    });
  });
}
