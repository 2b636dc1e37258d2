import { Admin, type Answer, call } from './support/admin';
import { BrowserSession, cookieOf } from './support/browser-session';
import { describeStacks, type Stack } from './support/stack';

interface Tokens {
  accessToken: string;
  refreshToken: string;
  code: string;
}
interface Sessions {
  items: { id: string; isCurrent: boolean; userAgent: string; ip: string; createdAt: string; lastUsedAt: string }[];
}

const partOf = (token: string, index: 0 | 1): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Record<string, unknown>;

describeStacks('An admin stays signed in', (start) => {
  let stack: Stack;
  let admin: Admin;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
  }, 180_000);
  beforeEach(async () => {
    admin = await Admin.register(stack.url);
  });
  afterAll(() => stack?.stop());

  const last = () => stack.nodes.at(-1)?.url ?? stack.url;
  const login = async (userAgent = 'Node'): Promise<Tokens> => {
    const { email, password } = admin;
    const answer = await call<Tokens>(stack.url, 'POST', '/v1/auth/login', {
      body: { email, password, refreshTokenIn: 'body' },
      headers: { 'user-agent': userAgent },
    });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const refresh = (refreshToken: string, url = stack.url): Promise<Answer<Tokens>> =>
    call(url, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
  const me = async (token: string, url = stack.url): Promise<[number, string | undefined]> => {
    const { status, body } = await call<{ code?: string }>(url, 'GET', '/v1/me', { token });
    return [status, body.code];
  };
  const everywhere = async (token: string) =>
    new Set((await Promise.all(stack.nodes.map(({ url }) => me(token, url)))).map(([status]) => status));

  it('T01 A05 B08 B34 B40 with an access token of 900 seconds that says whose, from where and for whom it is', async () => {
    const { accessToken } = await login();
    expect(partOf(accessToken, 0)).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.any(String) as unknown });
    const claims = partOf(accessToken, 1);
    expect(claims).toMatchObject({ iss: 'customercare-development', aud: 'customercare-api', typ: 'access' });
    expect(claims).toMatchObject({ sub: admin.session.user.id, sid: expect.any(String), jti: expect.any(String) });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(900);
  });

  it('T02 A05 B39 until the token ends, with no grace, and a refresh brings the next one', async () => {
    const { accessToken, refreshToken } = await login();
    await stack.advanceClock(840);
    expect(await everywhere(accessToken)).toEqual(new Set([200]));
    await stack.advanceClock(61);
    for (const { url } of stack.nodes) expect(await me(accessToken, url)).toEqual([401, 'auth.token-expired']);
    const next = await refresh(refreshToken, last());
    expect(next.status).toBe(200);
    expect(await me(next.body.accessToken)).toEqual([200, undefined]);
  });

  it('T03 A06 B35 B36 B37 in a browser by a cookie that no script reads and no other site sends', async () => {
    const { email, password } = admin;
    const answer = await call(stack.url, 'POST', '/v1/auth/login', { body: { email, password } });
    const browser = await BrowserSession.signIn(stack.url, admin);
    const refreshed = await browser.refresh();
    expect(refreshed.status).toBe(200);
    for (const handed of [answer, refreshed]) {
      const { value, ...attributes } = cookieOf(handed);
      expect(value).toMatch(/^[\w.-]{101}$/);
      expect(attributes).toEqual({
        name: '__Host-rt',
        secure: true,
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        maxAge: 604_800,
      });
      expect(handed.body).not.toHaveProperty('refreshToken');
      expect(JSON.stringify(handed.body)).not.toContain(value);
    }
    expect(await me(browser.page.accessToken)).toEqual([200, undefined]);
  });

  it('T04 A06 until a spent refresh token comes back: then nothing of its session lives, on any node', async () => {
    const chain = [await login()];
    for (const _ of [1, 2, 3]) chain.push((await refresh(chain.at(-1)?.refreshToken ?? '', last())).body);
    const [first] = chain;
    const replayed = await refresh(first?.refreshToken ?? '');
    expect([replayed.status, replayed.body.code]).toEqual([401, 'auth.refresh-reused']);
    for (const { accessToken, refreshToken } of chain) {
      expect((await refresh(refreshToken, last())).status).toBe(401);
      expect(await everywhere(accessToken)).toEqual(new Set([401]));
    }
    const recorded = await stack.inspect<{ n: number }>(
      `select count(*)::int as n from audit_events where action = 'session.reuse-detected'
       and actor_id = '${admin.session.user.id}'`,
    );
    expect(recorded ?? [{ n: 1 }]).toEqual([{ n: 1 }]);
  });

  it('T08 A01 until signing out, which counts at once on every node', async () => {
    const tokens = await login();
    expect(await everywhere(tokens.accessToken)).toEqual(new Set([200]));
    expect((await call(stack.url, 'POST', '/v1/auth/logout', { token: tokens.accessToken })).status).toBe(204);
    expect(await everywhere(tokens.accessToken)).toEqual(new Set([401]));
    expect((await refresh(tokens.refreshToken, last())).status).toBe(401);
  });

  it('T08 A01 until signing out everywhere', async () => {
    const [first, second] = [await login(), await BrowserSession.signIn(last(), admin)];
    const out = await call(stack.url, 'POST', '/v1/auth/logout-all', { token: first.accessToken });
    expect([out.status, cookieOf(out).maxAge]).toEqual([204, 0]);
    expect(await everywhere(first.accessToken)).toEqual(new Set([401]));
    expect(await everywhere(second.page.accessToken)).toEqual(new Set([401]));
    expect((await second.refresh()).status).toBe(401);
  });

  it('T10 A02 sees where, ends one session or all others, and never one of somebody else', async () => {
    const [phone, tablet] = [await login('A phone'), await login('A tablet')];
    const listed = await admin.call<Sessions>('GET', '/v1/me/sessions');
    expect(listed.body.items.map(({ userAgent, isCurrent }) => [userAgent, isCurrent])).toEqual(
      expect.arrayContaining([
        ['A phone', false],
        ['A tablet', false],
        [expect.any(String), true],
      ]),
    );
    expect(listed.body.items[0]).toEqual({
      id: expect.any(String) as unknown,
      createdAt: expect.stringMatching(/Z$/) as unknown,
      lastUsedAt: expect.stringMatching(/Z$/) as unknown,
      ip: '127.0.0.1',
      userAgent: expect.any(String) as unknown,
      isCurrent: expect.any(Boolean) as unknown,
    });
    const idOf = (token: string) => String(partOf(token, 1)['sid']);
    const stranger = await Admin.register(stack.url);
    for (const foreign of [idOf(phone.accessToken), idOf(tablet.accessToken)]) {
      expect((await stranger.call('DELETE', `/v1/me/sessions/${foreign}`)).status).toBe(404);
    }
    expect((await admin.call('DELETE', `/v1/me/sessions/${idOf(phone.accessToken)}`)).status).toBe(204);
    expect([...(await everywhere(phone.accessToken)), ...(await everywhere(tablet.accessToken))]).toEqual([401, 200]);
    const others = await admin.call('POST', '/v1/me/sessions/revoke-others');
    expect([others.status, others.body]).toEqual([200, { count: 1 }]);
    expect([...(await everywhere(tablet.accessToken))]).toEqual([401]);
    expect([...(await everywhere(admin.session.accessToken))]).toEqual([200]);
  });
});
