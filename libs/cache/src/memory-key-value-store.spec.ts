import { FakeClock } from '@app/kernel/testing';

import { MemoryKeyValueStore } from './memory-key-value-store';
import { MemoryPubSub } from './memory-pub-sub';
import { MemorySlots } from './memory-slots';
import { describeKeyValueStore } from './testing/describe-key-value-store';
import { describePubSub } from './testing/describe-pub-sub';
import { describeSlots } from './testing/describe-slots';

describeKeyValueStore('MemoryKeyValueStore', async () => {
  const clock = new FakeClock();
  return { store: new MemoryKeyValueStore(clock), pass: async (seconds) => clock.advance(seconds) };
});

describePubSub('MemoryPubSub', async () => {
  const pubSub = new MemoryPubSub();
  return { here: pubSub, there: pubSub };
});

describeSlots('MemorySlots', async () => {
  const clock = new FakeClock();
  const slots = new MemorySlots(clock);
  return { here: slots, there: slots, pass: async (seconds) => clock.advance(seconds) };
});

describe('MemoryKeyValueStore when full', () => {
  it('never holds more than its bound, and lets the oldest go first', async () => {
    const store = new MemoryKeyValueStore(new FakeClock(), 100);
    for (let index = 0; index < 1000; index += 1) await store.set(`key:${index}`, String(index), 60);
    expect(store.size).toBeLessThanOrEqual(100);
    expect(await store.get('key:0')).toBeNull();
    expect(await store.get('key:999')).toBe('999');
  });

  it('lets expired entries go before living ones', async () => {
    const clock = new FakeClock();
    const store = new MemoryKeyValueStore(clock, 10);
    await store.set('living', 'yes', 60);
    for (let index = 0; index < 9; index += 1) await store.set(`short:${index}`, 'x', 1);
    clock.advance(2);
    await store.set('new', 'x', 60);
    expect(await store.get('living')).toBe('yes');
    expect(store.size).toBe(2);
  });

  it('keeps the count of a key that is hit all the time', async () => {
    const store = new MemoryKeyValueStore(new FakeClock(), 10);
    for (let hit = 1; hit <= 50; hit += 1) {
      expect((await store.increment('busy', 60)).count).toBe(hit);
    }
  });
});
