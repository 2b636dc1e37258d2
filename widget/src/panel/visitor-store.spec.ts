import { personIn, visitorStore } from './visitor-store';

class FakeStorage {
  readonly values = new Map<string, string>();
  getItem = (key: string): string | null => this.values.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.values.set(key, value);
  removeItem = (key: string): void => void this.values.delete(key);
}

const embedKey = 'cc_pub_fakefakefakefakefake';
const token = (sub: string, jti = ''): string =>
  `e30.${btoa(JSON.stringify({ sub, jti })).replace(/\+/g, '-').replace(/\//g, '_')}.x`;

describe('visitorStore', () => {
  let local: FakeStorage;
  let tab: FakeStorage;

  beforeEach(() => {
    [local, tab] = [new FakeStorage(), new FakeStorage()];
    Object.assign(globalThis, { localStorage: local, sessionStorage: tab });
  });
  afterEach(() => {
    for (const name of ['localStorage', 'sessionStorage']) Reflect.deleteProperty(globalThis, name);
  });

  it('keeps an anonymous visitor’s things until they come back', () => {
    visitorStore({ embedKey }).set('resume', 'a');
    expect([...local.values]).toEqual([['customercare:fakefakefake:resume', 'a']]);
    expect(visitorStore({ embedKey }).get('resume')).toBe('a');
  });

  it('keeps a named one’s with the tab, under a name that does not show the id', () => {
    visitorStore({ embedKey, identityToken: token('user-17') }).set('resume', 'b');
    expect(local.values.size).toBe(0);
    expect([...tab.values.keys()].join()).not.toContain('user-17');
    expect(visitorStore({ embedKey, identityToken: token('user-17', 'the next token') }).get('resume')).toBe('b');
  });

  it.each(['user-18', '', 'Ada Lovelace'])('and shows nobody what another one left, such as to "%s"', (sub) => {
    visitorStore({ embedKey, identityToken: token('user-17') }).set('resume', 'b');
    expect(visitorStore({ embedKey, identityToken: token(sub) }).get('resume')).toBeNull();
    expect(visitorStore({ embedKey, identityToken: 'no token' }).get('resume')).toBeNull();
    expect(visitorStore({ embedKey }).get('resume')).toBeNull();
  });

  it.each([
    ['user-ao', 'user-c1'],
    ['Aa', 'BB'],
    ['1', '1.'],
  ])('and tells "%s" from "%s"', (one, other) => {
    visitorStore({ embedKey, identityToken: token(one) }).set('resume', 'c');
    expect(visitorStore({ embedKey, identityToken: token(other) }).get('resume')).toBeNull();
    expect(personIn({ embedKey, identityToken: token(one) })).not.toBe(
      personIn({ embedKey, identityToken: token(other) }),
    );
  });
});
