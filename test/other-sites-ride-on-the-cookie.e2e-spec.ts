import { randomUUID } from 'node:crypto';
import { Admin, call } from './support/admin';
import { BrowserSession } from './support/browser-session';
import { documentedOperations } from './support/open-api';
import { describeStack, type Stack } from './support/stack';

const ALLOWED = 'https://app.customercare.test';

describeStack('Other sites ride on the cookie', (start) => {
  let stack: Stack;
  let admin: Admin;

  beforeAll(async () => {
    stack = await start({ CORS_ORIGINS: JSON.stringify([ALLOWED]) });
    admin = await Admin.register(stack.url);
  }, 120_000);
  afterAll(() => stack?.stop());

  const refused: [string, Record<string, string | undefined>, string, number][] = [
    ['the page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, '{}', 403],
    ['another site, by its origin alone', { 'sec-fetch-site': undefined, origin: 'https://evil.example' }, '{}', 403],
    ['another origin behind a good word', { origin: 'https://evil.example' }, '{}', 403],
    ['a neighbour on the same site', { 'sec-fetch-site': 'same-site' }, '{}', 403],
    ['the address bar', { 'sec-fetch-site': 'none' }, '{}', 403],
    ['an origin that is nobody', { 'sec-fetch-site': undefined, origin: 'null' }, '{}', 403],
    ['who does not say where from', { 'sec-fetch-site': undefined, origin: undefined }, '{}', 403],
    ['a page without the token', { 'x-csrf-token': undefined }, '{}', 403],
    ['a page with a made-up token', { 'x-csrf-token': `${'A'.repeat(22)}.${'A'.repeat(43)}` }, '{}', 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 415],
    ['a form of plain text', { 'content-type': 'text/plain' }, '{}', 415],
    ['a form with a file', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--', 415],
    ['a request that sends nothing', { 'content-type': undefined }, '', 415],
  ];

  describe.each(['/v1/auth/refresh', '/v1/auth/logout'])('to POST %s', (path) => {
    it.each(refused)('H01 A07 but %s is refused, and the session is as before', async (_name, change, body, status) => {
      const browser = await BrowserSession.signIn(stack.url, admin);
      const answer = await browser.post(path, browser.headers(change), body);
      const code = status === 403 ? 'auth.csrf' : 'request.unsupported-media-type';
      expect(answer).toEqual({ status, code });
      expect((await browser.refresh()).status).toBe(200);
    });

    it("H01 A07 but the token of another session is refused, also of the same person's", async () => {
      const [browser, other] = [
        await BrowserSession.signIn(stack.url, admin),
        await BrowserSession.signIn(stack.url, admin),
      ];
      const headers = browser.headers({ 'x-csrf-token': other.page.csrfToken });
      expect(await browser.post(path, headers)).toEqual({ status: 403, code: 'auth.csrf' });
      expect((await browser.refresh()).status).toBe(200);
    });
  });

  it('H01 and our own pages do as they like, by Fetch Metadata or by a listed origin', async () => {
    const browser = await BrowserSession.signIn(stack.url, admin);
    expect((await browser.refresh()).status).toBe(200);
    const listed = browser.headers({ 'sec-fetch-site': undefined, origin: ALLOWED });
    expect((await browser.post('/v1/auth/logout', listed)).status).toBe(204);
    expect((await browser.refresh()).status).toBe(401);
  });

  it('H02 A07 B38 and the cookie alone opens no other route', async () => {
    const browser = await BrowserSession.signIn(stack.url, admin);
    const headers = browser.headers();
    const open: string[] = [];
    for (const { name, method, path, access } of await documentedOperations(stack.url)) {
      if (access === 'public' || (name.includes('/auth/logout') && !name.includes('logout-all'))) continue;
      const address = path.replace(/\{[^}]+\}/g, () => randomUUID());
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const answer = await call<{ code?: string }>(stack.url, method, address, { headers, body });
      if (answer.status !== 401 || answer.body.code !== 'auth.required') open.push(`${name}: ${answer.status}`);
    }
    expect(open).toEqual([]);
  });
});
