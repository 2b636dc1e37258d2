import { randomUUID } from 'node:crypto';

import type { KeyValueStore } from '../key-value-store';

export interface KeyValueStoreUnderTest {
  store: KeyValueStore;
  /** Lets this many seconds pass for the store: moves its clock, or really waits. */
  pass(seconds: number): Promise<void>;
  close?(): Promise<void>;
}

/** What every KeyValueStore promises. */
export function describeKeyValueStore(name: string, create: () => Promise<KeyValueStoreUnderTest>): void {
  describe(`${name} as a KeyValueStore`, () => {
    let subject: KeyValueStoreUnderTest;
    const key = (): string => `test:${randomUUID()}`;

    beforeAll(async () => {
      subject = await create();
    });
    afterAll(async () => subject.close?.());

    it('gives back what was set, also empty text and text beyond ASCII', async () => {
      const [first, second] = [key(), key()];
      await subject.store.set(first, '', 60);
      await subject.store.set(second, 'Grüße 🦊 \u0000', 60);
      expect(await subject.store.get(first)).toBe('');
      expect(await subject.store.get(second)).toBe('Grüße 🦊 \u0000');
    });

    it('knows nothing of a key never set or deleted', async () => {
      const deleted = key();
      await subject.store.set(deleted, 'x', 60);
      await subject.store.delete(deleted);
      await subject.store.delete(deleted);
      expect(await subject.store.get(deleted)).toBeNull();
      expect(await subject.store.get(key())).toBeNull();
    });

    it('replaces the value and its time to live', async () => {
      const replaced = key();
      await subject.store.set(replaced, 'first', 1);
      await subject.store.set(replaced, 'second', 60);
      await subject.pass(1.2);
      expect(await subject.store.get(replaced)).toBe('second');
    });

    it('forgets a value after its time to live', async () => {
      const expiring = key();
      await subject.store.set(expiring, 'x', 1);
      expect(await subject.store.get(expiring)).toBe('x');
      await subject.pass(1.2);
      expect(await subject.store.get(expiring)).toBeNull();
    });

    it('counts hits in a window that its first hit starts', async () => {
      const counter = key();
      expect(await subject.store.increment(counter, 60)).toEqual({ count: 1, resetsInSeconds: 60 });
      const second = await subject.store.increment(counter, 60);
      expect(second.count).toBe(2);
      expect(second.resetsInSeconds).toBeGreaterThan(50);
      expect(second.resetsInSeconds).toBeLessThanOrEqual(60);
    });

    it('starts again at one when the window is over, however many hits came', async () => {
      const counter = key();
      await subject.store.increment(counter, 2);
      await subject.pass(1.2);
      expect((await subject.store.increment(counter, 2)).resetsInSeconds).toBe(1);
      await subject.pass(1.2);
      expect((await subject.store.increment(counter, 2)).count).toBe(1);
    });

    it('counts every one of many hits at once exactly once', async () => {
      const counter = key();
      const hits = await Promise.all(Array.from({ length: 100 }, () => subject.store.increment(counter, 60)));
      expect(hits.map((hit) => hit.count).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    });

    it('keeps counters apart, and a deleted one starts again', async () => {
      const [first, second] = [key(), key()];
      await subject.store.increment(first, 60);
      expect((await subject.store.increment(second, 60)).count).toBe(1);
      await subject.store.delete(first);
      expect((await subject.store.increment(first, 60)).count).toBe(1);
    });

    it('reads a counter like a value', async () => {
      const counter = key();
      await subject.store.increment(counter, 60);
      await subject.store.increment(counter, 60);
      expect(await subject.store.get(counter)).toBe('2');
    });
  });
}
