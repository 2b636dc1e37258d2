import { type KeyValueStore, MemoryKeyValueStore } from '@app/cache';
import { FakeClock } from '@app/kernel/testing';

import { settingsForTests } from '../testing/settings-for-tests';
import { DeviceCodes } from './device-codes';

const ANNA = 'anna@example.com';
const BEN = 'ben@example.com';
const MINUTE = 60;

class Recording extends MemoryKeyValueStore {
  readonly kept: string[] = [];

  override set(key: string, value: string, ttlSeconds: number): Promise<void> {
    this.kept.push(key, value);
    return super.set(key, value, ttlSeconds);
  }

  override increment(key: string, windowSeconds: number): ReturnType<KeyValueStore['increment']> {
    this.kept.push(key);
    return super.increment(key, windowSeconds);
  }
}

function deviceCodes() {
  const clock = new FakeClock();
  const store = new Recording(clock);
  return { clock, store, codes: new DeviceCodes(settingsForTests(), store) };
}

describe('A04 a mailed device code', () => {
  it('is sixty random bits, good for fifteen minutes, and for its own address alone', async () => {
    const { clock, codes } = deviceCodes();
    const code = await codes.issue(ANNA);
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => codes.issue(ANNA)))).size).toBe(50);
    clock.advance(15 * MINUTE - 1);
    expect(await codes.isGood(ANNA, code)).toBe(true);
    expect(await codes.isGood(BEN, code)).toBe(false);
    clock.advance(1);
    expect(await codes.isGood(ANNA, code)).toBe(false);
  });

  it('is the same however the address is spelt and the code is copied', async () => {
    const { codes } = deviceCodes();
    const code = await codes.issue(ANNA);
    const copied = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await codes.isGood(' ANNA@Example.com ', ` ${copied} `)).toBe(true);
  });

  it('is good once, also for many at once', async () => {
    const { codes } = deviceCodes();
    const code = await codes.issue(ANNA);
    const spent = await Promise.all(Array.from({ length: 20 }, () => codes.spend(ANNA, code)));
    expect(spent.filter(Boolean)).toHaveLength(1);
    expect(await codes.isGood(ANNA, code)).toBe(false);
    expect(await codes.spend(ANNA, code.toLowerCase())).toBe(false);
  });

  it('stays good whatever others ask for and try', async () => {
    const { codes } = deviceCodes();
    const code = await codes.issue(ANNA);
    for (let index = 0; index < 100; index += 1) {
      await codes.claimMail(ANNA);
      await codes.issue(ANNA);
      expect(await codes.isGood(ANNA, `AAAA-AAAA-A${100 + index}`)).toBe(false);
    }
    expect(await codes.isGood(ANNA, code)).toBe(true);
  });

  it('is mailed at most five times in any hour, while there is always a good one for who asks', async () => {
    const { clock, codes } = deviceCodes();
    const mailedAt: number[] = [];
    let newest = '';
    for (let second = 0; second < 6 * 60 * MINUTE; second += 7) {
      clock.advance(7);
      if (await codes.claimMail(ANNA)) {
        mailedAt.push(second);
        newest = await codes.issue(ANNA);
      }
      expect(await codes.isGood(ANNA, newest)).toBe(true);
    }
    for (const start of mailedAt) {
      const within = mailedAt.filter((at) => at >= start && at <= start + 60 * MINUTE);
      expect(within.length).toBeLessThanOrEqual(5);
    }
    expect(await codes.claimMail(BEN)).toBe(true);
  });

  it('is kept as a keyed hash alone, of the code and of the address', async () => {
    const { store, codes } = deviceCodes();
    await codes.claimMail(ANNA);
    const code = await codes.issue(ANNA);
    await codes.spend(ANNA, code);
    expect(store.kept).toHaveLength(4);
    for (const text of store.kept) expect(text).toMatch(/^(1|device-code:[\w-]{43}(:spent)?)$/);
    const elsewhere = new DeviceCodes(settingsForTests(), store); // another installation's secret
    const other = await codes.issue(ANNA);
    expect([await codes.isGood(ANNA, other), await elsewhere.isGood(ANNA, other)]).toEqual([true, false]);
  });

  it('lets nobody in when the store is away', async () => {
    const away = new (class extends MemoryKeyValueStore {
      override get(): Promise<never> {
        return Promise.reject(new Error('connection lost'));
      }
      override increment(): Promise<never> {
        return Promise.reject(new Error('connection lost'));
      }
    })();
    const codes = new DeviceCodes(settingsForTests(), away);
    const notReady = { code: 'service.not-ready' };
    await expect(codes.isGood(ANNA, 'AAAA-AAAA-AAAA')).rejects.toMatchObject(notReady);
    await expect(codes.spend(ANNA, 'AAAA-AAAA-AAAA')).rejects.toMatchObject(notReady);
    await expect(codes.claimMail(ANNA)).rejects.toMatchObject(notReady);
  });
});
