import { KeyValueStore, MemoryKeyValueStore, type WindowCount } from '@app/cache';
import { FakeClock } from '@app/kernel/testing';
import { hmacSha256 } from '@app/crypto';
import { Logger } from '@nestjs/common';

import { CounterStorage } from './counter-storage';

const KEY = Buffer.alloc(32, 7);
/** The address is not to be read off the store. */
const COUNTER = `limit:${hmacSha256(KEY, 'default:1.2.3.4').toString('base64url')}`;

/** A store that can be switched off. */
class FlakyStore extends MemoryKeyValueStore {
  isAway = false;
  asked = 0;

  override async increment(key: string, windowSeconds: number): Promise<WindowCount> {
    this.asked += 1;
    if (this.isAway) throw new Error('connection lost');
    return super.increment(key, windowSeconds);
  }
}

describe('CounterStorage', () => {
  let clock: FakeClock;
  let store: FlakyStore;
  let storage: CounterStorage;
  const hit = (): Promise<{ totalHits: number; isBlocked: boolean }> => storage.increment('default:1.2.3.4', 60_000, 3);

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(() => {
    clock = new FakeClock();
    store = new FlakyStore(clock);
    storage = new CounterStorage(store, KEY, clock);
  });

  it('lets as many through as the limit says and then none until the window ends', async () => {
    const hits = [await hit(), await hit(), await hit(), await hit()];
    expect(hits.map(({ isBlocked }) => isBlocked)).toEqual([false, false, false, true]);
    clock.advance(60);
    expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false, timeToExpire: 60 });
  });

  it('counts in the shared store under a name of its own', async () => {
    await hit();
    await hit();
    expect(await store.get(COUNTER)).toBe('2');
    expect(store instanceof KeyValueStore).toBe(true);
  });

  it('goes on limiting by itself while the store is away', async () => {
    store.isAway = true;
    const hits = [await hit(), await hit(), await hit(), await hit()];
    expect(hits.map(({ isBlocked }) => isBlocked)).toEqual([false, false, false, true]);
  });

  it('asks a store that failed again only after a while, so that it costs nobody its timeout', async () => {
    store.isAway = true;
    for (let index = 0; index < 10; index += 1) await hit();
    expect(store.asked).toBe(1);
    store.isAway = false;
    clock.advance(5);
    await hit();
    expect(store.asked).toBe(2);
    expect(await store.get(COUNTER)).toBe('1');
  });
});
