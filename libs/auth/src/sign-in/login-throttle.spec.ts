import { type KeyValueStore, MemoryKeyValueStore } from '@app/cache';
import { FakeClock } from '@app/kernel/testing';

import { settingsForTests } from '../testing/settings-for-tests';
import { type Attempt, LoginThrottle } from './login-throttle';

const EMAIL = 'anna@example.com';
const IP = '203.0.113.7';
const DAY = 86_400;

function throttle() {
  const clock = new FakeClock();
  const subject = new LoginThrottle(settingsForTests(), new MemoryKeyValueStore(clock), clock);
  const attempt = (over: { email?: string; ip?: string; deviceId?: string } = {}): Promise<Attempt> =>
    subject.count({ email: EMAIL, ip: IP, deviceId: null, ...over });
  const use = async (times: number, over: Parameters<typeof attempt>[0] = {}): Promise<boolean[]> => {
    const attempts = await Promise.all(Array.from({ length: times }, () => attempt(over)));
    return attempts.map(({ isAllowed }) => isAllowed);
  };
  return { clock, subject, attempt, use };
}

const allowed = (attempts: boolean[]): number => attempts.filter(Boolean).length;
const person = (index: number): { email: string } => ({ email: `person-${index}@example.com` });
const place = (index: number): { ip: string } => ({ ip: `198.51.${Math.floor(index / 250)}.${index % 250}` });

describe('A04 L01 five attempts for one account from one address', () => {
  it('are allowed in fifteen minutes, and the refusal says when the sixth may come', async () => {
    const { clock, attempt, use } = throttle();
    expect(await use(5)).toEqual([true, true, true, true, true]);
    clock.advance(60);
    expect(await attempt()).toMatchObject({ isAllowed: false, isFirstRefused: true, retryAfterSeconds: 840 });
    expect(await attempt()).toMatchObject({ isAllowed: false, isFirstRefused: false, retryAfterSeconds: 840 });
    clock.advance(840);
    expect(await use(1)).toEqual([true]);
  });

  it('are no more when they come at once', async () => {
    expect(allowed(await throttle().use(40))).toBe(5);
  });

  it('are followed by a wait that doubles up to an hour, and that trying does not prolong', async () => {
    const { clock, attempt, use } = throttle();
    for (const wait of [900, 1800, 3600, 3600]) {
      expect(allowed(await use(6))).toBe(5);
      expect((await attempt()).retryAfterSeconds).toBe(wait);
      clock.advance(wait - 1);
      expect(await attempt()).toMatchObject({ isAllowed: false, isFirstRefused: false, retryAfterSeconds: 1 });
      clock.advance(1);
    }
    clock.advance(DAY);
    await use(6);
    expect((await attempt()).retryAfterSeconds).toBe(900);
  });

  it('touch no other address and no other account, however long the wait has grown', async () => {
    const { clock, attempt, use } = throttle();
    for (let round = 0; round < 4; round += 1) {
      await use(6);
      clock.advance(3600);
    }
    await use(6);
    expect(await use(5, place(1))).toEqual(Array<boolean>(5).fill(true));
    expect((await attempt(person(1))).isAllowed).toBe(true);
  });

  it('are counted whatever the spelling of the address and of the e-mail', async () => {
    const { attempt, use } = throttle();
    await use(5);
    expect((await attempt({ email: ' ANNA@Example.com ', ip: `::ffff:${IP}` })).isAllowed).toBe(false);
  });

  it('are counted for all addresses of one IPv6 network, and for requests without an address', async () => {
    const { subject, attempt, use } = throttle();
    for (const host of ['::2', ':a:b:c:d', '::5', '::6', '::7']) await attempt({ ip: `2001:db8:1:2${host}` });
    expect(await use(1, { ip: '2001:db8:1:2::1' })).toEqual([false]);
    expect(await use(1, { ip: '2001:db8:1:3::1' })).toEqual([true]);
    const nowhere = Array.from({ length: 6 }, () => subject.count({ email: EMAIL, ip: undefined, deviceId: null }));
    expect(allowed((await Promise.all(nowhere)).map(({ isAllowed }) => isAllowed))).toBe(5);
  });

  it('are five again after a success, and the next wait is a first one', async () => {
    const { clock, attempt, use } = throttle();
    await use(6);
    clock.advance(900);
    await use(4);
    await (await attempt()).succeeded();
    expect(await use(6)).toEqual([true, true, true, true, true, false]);
    expect((await attempt()).retryAfterSeconds).toBe(900);
  });
});

describe('A04 thirty failures from one address over all accounts', () => {
  it('refuse every account there, nowhere else, until fifteen minutes are over', async () => {
    const { clock, attempt } = throttle();
    const tries = await Promise.all(Array.from({ length: 45 }, (_, index) => attempt(person(index))));
    expect(allowed(tries.map(({ isAllowed }) => isAllowed))).toBe(30);
    expect(tries.filter(({ isFirstRefused }) => isFirstRefused)).toHaveLength(1);
    expect(await attempt(person(99))).toMatchObject({ isAllowed: false, retryAfterSeconds: 900 });
    expect((await attempt({ ...person(99), ...place(1) })).isAllowed).toBe(true);
    clock.advance(900);
    expect((await attempt(person(98))).isAllowed).toBe(true);
  });

  it('are failures alone: an office where everybody signs in is not refused', async () => {
    const { attempt } = throttle();
    for (let index = 0; index < 100; index += 1) await (await attempt(person(index))).succeeded();
    const tries = await Promise.all(Array.from({ length: 31 }, (_, index) => attempt(person(200 + index))));
    expect(allowed(tries.map(({ isAllowed }) => isAllowed))).toBe(30);
  });

  it('are not reached by a success of the window before, so that none can be saved up', async () => {
    const { clock, attempt } = throttle();
    const pending = await Promise.all(Array.from({ length: 20 }, (_, index) => attempt(person(index))));
    clock.advance(900);
    for (const { succeeded } of pending) await succeeded();
    const tries = await Promise.all(Array.from({ length: 50 }, (_, index) => attempt(person(100 + index))));
    expect(allowed(tries.map(({ isAllowed }) => isAllowed))).toBe(30);
  });

  it('are not used up by attempts that were refused for one account', async () => {
    const { attempt, use } = throttle();
    await use(60);
    expect((await attempt(person(1))).isAllowed).toBe(true);
  });
});

describe('A04 fifty failures for one account over all addresses', () => {
  it('ask for a mailed code at every new address for the rest of the hour, and at no other account', async () => {
    const { clock, attempt } = throttle();
    const tries = await Promise.all(Array.from({ length: 80 }, (_, index) => attempt(place(index))));
    expect(allowed(tries.map(({ isAllowed }) => isAllowed))).toBe(50);
    expect(tries.filter(({ isOpenWithCode }) => isOpenWithCode)).toHaveLength(30);
    const refused = { isAllowed: false, isOpenWithCode: true, retryAfterSeconds: 3600 };
    expect(await attempt(place(900))).toMatchObject(refused);
    const other = await attempt({ ...person(1), ...place(900) });
    expect(other).toMatchObject({ isAllowed: true, isOpenWithCode: false });
    clock.advance(3600);
    expect(await attempt(place(901))).toMatchObject({ isAllowed: true, isOpenWithCode: false });
  });

  it('leave the limits of one address as they are: no code is a way around them', async () => {
    const { attempt, use } = throttle();
    for (let index = 0; index < 60; index += 1) await attempt(place(index));
    const withCode = await Promise.all(Array.from({ length: 5 }, () => attempt(place(900))));
    expect(withCode.every(({ isOpenWithCode }) => isOpenWithCode)).toBe(true);
    const closed = { isAllowed: false, isOpenWithCode: false, retryAfterSeconds: 900 };
    expect(await attempt(place(900))).toMatchObject(closed);
    for (let index = 0; index < 30; index += 1) await attempt({ ...person(index), ...place(901) });
    expect(await attempt(place(901))).toMatchObject(closed);
    expect(await use(1, { deviceId: 'device-1' })).toEqual([true]);
  });

  it('are five from one address again after a sign-in with a code', async () => {
    const { attempt } = throttle();
    for (let index = 0; index < 50; index += 1) await attempt(place(index));
    for (let index = 0; index < 4; index += 1) await attempt(place(900));
    await (await attempt(place(900))).succeeded();
    const tries = await Promise.all(Array.from({ length: 6 }, () => attempt(place(900))));
    expect(tries.map(({ isOpenWithCode }) => isOpenWithCode)).toEqual([true, true, true, true, true, false]);
  });
});

describe('A04 L02 a known device', () => {
  it('is not refused for what strangers did from its address, from others, and to its account', async () => {
    const { attempt, use } = throttle();
    await use(40);
    for (let index = 0; index < 60; index += 1) await attempt(place(index));
    for (let index = 0; index < 40; index += 1) await attempt(person(index));
    expect(await use(6, { deviceId: 'device-1' })).toEqual([true, true, true, true, true, false]);
    expect(await use(1, { deviceId: 'device-2' })).toEqual([true]);
  });

  it('has five attempts of its own in fifteen minutes from all its addresses, without growing waits', async () => {
    const { clock, attempt, use } = throttle();
    for (let round = 0; round < 3; round += 1) {
      const tries = await Promise.all(Array.from({ length: 9 }, (_, i) => attempt({ deviceId: 'd', ...place(i) })));
      expect(allowed(tries.map(({ isAllowed }) => isAllowed))).toBe(5);
      expect((await attempt({ deviceId: 'd' })).retryAfterSeconds).toBe(900);
      clock.advance(900);
    }
    await use(4, { deviceId: 'd' });
    await (await attempt({ deviceId: 'd' })).succeeded();
    expect(allowed(await use(6, { deviceId: 'd' }))).toBe(5);
  });

  it('uses nothing up that strangers have', async () => {
    const { use } = throttle();
    await use(60, { deviceId: 'd' });
    expect(allowed(await use(6))).toBe(5);
  });
});

describe('A04 the counters', () => {
  it('keep no e-mail, no address and no device in the store, not even as a hash that can be guessed', async () => {
    const keys = new Set<string>();
    class Recording extends MemoryKeyValueStore {
      override increment(key: string, windowSeconds: number) {
        keys.add(key);
        return super.increment(key, windowSeconds);
      }
    }
    const clock = new FakeClock();
    const namesWith = async (secretKey: Buffer): Promise<string[]> => {
      keys.clear();
      const settings = settingsForTests();
      const secrets = { ...settings.secrets, secretKey };
      const subject = new LoginThrottle({ ...settings, secrets }, new Recording(clock), clock);
      for (const deviceId of [null, 'device-1']) await subject.count({ email: EMAIL, ip: IP, deviceId });
      return [...keys];
    };
    const names = await namesWith(Buffer.alloc(32, 1));
    expect(names).toHaveLength(4);
    for (const name of names) expect(name).toMatch(/^login:[\w-]{43}$/);
    expect((await namesWith(Buffer.alloc(32, 2))).filter((name) => names.includes(name))).toEqual([]);
  });

  it('refuse to let anybody sign in without a limit when the store is away', async () => {
    const away = new (class extends MemoryKeyValueStore {
      override increment(): ReturnType<KeyValueStore['increment']> {
        return Promise.reject(new Error('connection lost'));
      }
    })();
    const subject = new LoginThrottle(settingsForTests(), away, new FakeClock());
    for (const deviceId of [null, 'device-1']) {
      const attempt = subject.count({ email: EMAIL, ip: IP, deviceId });
      await expect(attempt).rejects.toMatchObject({ code: 'service.not-ready' });
    }
  });
});
