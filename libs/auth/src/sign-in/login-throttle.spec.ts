import { KeyValueStore, MemoryKeyValueStore } from '@app/cache';
import { FakeClock } from '@app/kernel/testing';

import { LoginThrottle } from './login-throttle';

const EMAIL = 'anna@example.com';
const IP = '203.0.113.7';

function throttle() {
  const clock = new FakeClock();
  const store = new MemoryKeyValueStore(clock);
  return { clock, store, subject: new LoginThrottle(store) };
}

async function use(subject: LoginThrottle, times: number): Promise<boolean[]> {
  const attempts = await Promise.all(Array.from({ length: times }, () => subject.count(EMAIL, IP)));
  return attempts.map(({ isAllowed }) => isAllowed);
}

describe('A04 login throttle', () => {
  it('allows five attempts in fifteen minutes and says when the sixth may come', async () => {
    const { clock, subject } = throttle();
    expect(await use(subject, 5)).toEqual([true, true, true, true, true]);
    clock.advance(60);
    expect(await subject.count(EMAIL, IP)).toEqual({ isAllowed: false, isFirstRefused: true, retryAfterSeconds: 840 });
    expect(await subject.count(EMAIL, IP)).toMatchObject({ isAllowed: false, isFirstRefused: false });
    clock.advance(840);
    expect(await use(subject, 1)).toEqual([true]);
  });

  it('lets no more through when they come at once', async () => {
    const { subject } = throttle();
    expect((await use(subject, 40)).filter(Boolean)).toHaveLength(5);
  });

  it('does not lock the account out from other addresses, nor other accounts of the address', async () => {
    const { subject } = throttle();
    await use(subject, 6);
    expect((await subject.count(EMAIL, '198.51.100.4')).isAllowed).toBe(true);
    expect((await subject.count('ben@example.com', IP)).isAllowed).toBe(true);
  });

  it('takes other spellings of the address and of the e-mail for the same', async () => {
    const { subject } = throttle();
    await use(subject, 5);
    expect((await subject.count(' ANNA@Example.com ', `::ffff:${IP}`)).isAllowed).toBe(false);
  });

  it('takes all addresses of one IPv6 network for the same, and requests without an address too', async () => {
    const { subject } = throttle();
    const refused = async (ips: (string | undefined)[]): Promise<boolean> => {
      for (const ip of ips.slice(1)) await subject.count(EMAIL, ip);
      return !(await subject.count(EMAIL, ips[0])).isAllowed;
    };
    const network = (prefix: string) => ['::1', '::2', ':a:b:c:d', '::5', '::6', '::7'].map((host) => prefix + host);
    expect(await refused(network('2001:db8:1:2'))).toBe(true);
    expect((await subject.count(EMAIL, '2001:db8:1:3::1')).isAllowed).toBe(true);
    expect(await refused(Array<undefined>(6).fill(undefined))).toBe(true);
  });

  it('starts again after a success', async () => {
    const { subject } = throttle();
    await use(subject, 5);
    await subject.forget(EMAIL, IP);
    expect(await use(subject, 5)).toEqual([true, true, true, true, true]);
  });

  it('keeps no e-mail and no address in the store', async () => {
    const keys: string[] = [];
    class Recording extends MemoryKeyValueStore {
      override increment(key: string, windowSeconds: number) {
        keys.push(key);
        return super.increment(key, windowSeconds);
      }
    }
    await new LoginThrottle(new Recording()).count(EMAIL, IP);
    expect(keys).toEqual([expect.stringMatching(/^login:[\w-]{43}$/)]);
  });

  it('refuses to sign in without a limit when the store is away', async () => {
    const away = new (class extends MemoryKeyValueStore {
      override increment(): ReturnType<KeyValueStore['increment']> {
        return Promise.reject(new Error('connection lost'));
      }
    })();
    await expect(new LoginThrottle(away).count(EMAIL, IP)).rejects.toMatchObject({ code: 'service.not-ready' });
  });
});
