import { MemoryKeyValueStore, type WindowCount } from '@app/cache';
import { FakeClock } from '@app/kernel/testing';
import { Logger } from '@nestjs/common';
import type { EmbedsOptions } from '../embeds-options';
import { ArrivalCounts } from './arrival-counts';

/** Remembers its keys, and can be switched off. */
class WatchedStore extends MemoryKeyValueStore {
  readonly keys: string[] = [];
  isAway = false;

  override async increment(key: string, windowSeconds: number): Promise<WindowCount> {
    this.keys.push(key);
    if (this.isAway) throw new Error('connection lost');
    return super.increment(key, windowSeconds);
  }
}

const ADDRESS = '203.0.113.7';

describe('ArrivalCounts', () => {
  let clock: FakeClock;
  let store: WatchedStore;
  let counts: ArrivalCounts;
  const node = (): ArrivalCounts => {
    const options: Partial<EmbedsOptions> = {
      secretKey: Buffer.alloc(32, 7),
      challenges: { sessionsPerIp: 3, sessionsPerEmbed: 8 },
    };
    return new ArrivalCounts(options as EmbedsOptions, store, clock); // the others are not read here
  };
  const arrive = async (times: number, embedId = 'shop', ip: string | undefined = ADDRESS): Promise<number> => {
    let load = 0;
    for (let turn = 0; turn < times; turn += 1) load = await counts.add(embedId, ip);
    return load;
  };

  beforeAll(() => Logger.overrideLogger(false));

  beforeEach(() => {
    clock = new FakeClock();
    store = new WatchedStore(clock);
    counts = node();
  });

  it('take as many new sessions of an address for usual as the setting says, for ten minutes', async () => {
    expect(await arrive(3)).toBe(1);
    expect(await arrive(1)).toBeGreaterThan(1);
    expect(await arrive(2)).toBe(2);
    clock.advance(600);
    expect(await arrive(1)).toBeLessThan(1);
  });

  it('know an address over all embeds and all nodes', async () => {
    await arrive(3);
    counts = node();
    expect(await arrive(1, 'another shop')).toBeGreaterThan(1);
    expect(await arrive(1, 'shop', '203.0.113.8')).toBeLessThan(1);
  });

  it('take a /64 of IPv6 for one address', async () => {
    await arrive(3, 'shop', '2001:db8:1:2::1');
    expect(await arrive(1, 'shop', '2001:db8:1:2:ffff::9')).toBeGreaterThan(1);
    expect(await arrive(1, 'shop', '2001:db8:1:3::1')).toBeLessThan(1);
  });

  it('take an embed for suspicious when it is new to too many addresses', async () => {
    for (let host = 0; host < 8; host += 1)
      expect(await arrive(1, 'shop', `198.51.100.${host}`)).toBeLessThanOrEqual(1);
    expect(await arrive(1, 'shop', '198.51.100.9')).toBeGreaterThan(1);
    expect(await arrive(1, 'another shop', '198.51.100.10')).toBeLessThan(1);
  });

  it('do not count for an embed what one address has too many of', async () => {
    await arrive(1_000);
    expect(await arrive(1, 'shop', '198.51.100.1')).toBeLessThan(1);
  });

  it('keep no address that could be read', async () => {
    await arrive(1);
    expect(store.keys).toHaveLength(2);
    expect(store.keys.join(' ')).not.toContain('203.0.113');
  });

  it('go on while the store is away, on each node alone, and leave it alone for five seconds', async () => {
    store.isAway = true;
    expect(await arrive(3)).toBe(1);
    expect(await arrive(1)).toBeGreaterThan(1);
    expect(store.keys).toHaveLength(1);
    store.isAway = false;
    clock.advance(5);
    expect(await arrive(1)).toBeLessThan(1);
  });
});
