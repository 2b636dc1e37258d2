import { call } from './support/admin';
import { cookieIn, PUBLIC_URL, SignInElsewhere, somebody, step } from './support/sign-in-elsewhere';
import { describeStack, type Stack } from './support/stack';

describeStack('A person signs in with another provider (OIDC)', (start) => {
  let stack: Stack;
  let elsewhere: SignInElsewhere;
  beforeAll(async () => {
    elsewhere = await SignInElsewhere.open();
    stack = await start(elsewhere.env);
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    await elsewhere?.close();
  });

  const get = (path: string, cookie = '') => step(`${stack.url}${path}`, cookie);
  /** As a browser goes: to the start, to the provider, and to the door of the callback. */
  async function roundTrip(person = somebody()) {
    const started = await get('/v1/auth/oidc/start');
    const address = started.headers.get('location') ?? '';
    return { person, started, ...(await elsewhere.travel(person, address, started.headers)) };
  }
  const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

  it('and has a session as after any sign-in: a cookie, and nothing secret in the address', async () => {
    expect((await call(stack.url, 'GET', '/v1/auth/oidc')).body).toEqual({ isEnabled: true, name: 'Blue Kettle' });
    const { person, started, cookie, callback } = await roundTrip();
    expect(started.headers.getSetCookie().join()).toMatch(/__Host-oidc=.*HttpOnly; Secure; SameSite=Lax/);
    const landed = await get(callback, cookie);
    const address = new URL(landed.headers.get('location') ?? '');
    expect([landed.status, address.origin + address.pathname, address.search]).toEqual([
      302,
      `${PUBLIC_URL}/signed-in`,
      '',
    ]);
    const refreshCookie = cookieIn(landed.headers, '__Host-rt');
    expect(landed.headers.get('location')).not.toContain(refreshCookie.split('=')[1]);
    const told = new URLSearchParams(address.hash.slice(1));
    expect(told.get('oidc')).toBe('signed-in');
    const refreshed = await call<{ accessToken: string }>(stack.url, 'POST', '/v1/auth/refresh', {
      body: {},
      headers: {
        cookie: refreshCookie,
        'x-csrf-token': told.get('csrfToken') ?? '',
        'sec-fetch-site': 'same-origin',
      },
    });
    expect(refreshed.status).toBe(200);
    const me = await call<{ user: object }>(stack.url, 'GET', '/v1/me', { token: refreshed.body.accessToken });
    expect(me.body.user).toMatchObject({ email: person.email, name: 'Ada' });
  });

  it.each([
    ['another state', (path: string) => path.replace(/state=[^&]+/, 'state=x'), (cookie: string) => cookie],
    ['no cookie', (path: string) => path, () => ''],
    ['a made-up code', (path: string) => path.replace(/code=[^&]+/, 'code=x'), (cookie: string) => cookie],
    [
      'another issuer',
      (path: string) => path.replace(/iss=[^&]+/, 'iss=http%3A%2F%2Fevil'),
      (cookie: string) => cookie,
    ],
  ])('but not with %s', async (_name, path, cookie) => {
    const trip = await roundTrip();
    const landed = await get(path(trip.callback), cookie(trip.cookie));
    expect(landed.headers.getSetCookie().join()).not.toContain('__Host-rt');
    expect(await codeOf(landed)).toEqual([401, 'auth.oidc-failed']);
  });

  it('but not in the browser of somebody else, nor twice', async () => {
    const [mine, theirs] = [await roundTrip(), await roundTrip()];
    expect(await codeOf(await get(mine.callback, theirs.cookie))).toEqual([401, 'auth.oidc-failed']);
    const again = await roundTrip();
    expect((await get(again.callback, again.cookie)).status).toBe(302);
    expect(await codeOf(await get(again.callback, again.cookie))).toEqual([401, 'auth.oidc-failed']);
  });

  it('but gets no account for an e-mail address that was not confirmed', async () => {
    const { callback, cookie } = await roundTrip({ ...somebody(), email_verified: false });
    expect(await codeOf(await get(callback, cookie))).toEqual([403, 'auth.oidc-no-account']);
  });

  it('and is told when the provider is down, without a word about it', async () => {
    const { callback, cookie } = await roundTrip();
    await elsewhere.close();
    const landed = await get(callback, cookie);
    const body = await landed.text();
    expect([landed.status, (JSON.parse(body) as { code: string }).code]).toEqual([503, 'auth.oidc-unavailable']);
    expect(body).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|fetch/);
  });
});
