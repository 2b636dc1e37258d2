import { randomUUID } from 'node:crypto';
import { Admin, type Answer, call } from './support/admin';
import { codeIn } from './support/mailbox';
import { describeStack, type Stack } from './support/stack';
import { until } from './support/until';

interface LoginAnswer {
  accessToken: string;
  deviceToken?: string;
  csrfToken?: string;
  code?: string;
  requestId?: string;
  user?: { id: string };
  retryAfterSeconds?: number;
}

const WRONG = 'Guessed-harbour-77';
const PATIENCE_MS = 180_000;
const AUTH_LIMIT = 30;
const ATTACKER = '203.0.113.66';
const HOME = '198.51.100.20';

type Attempt = { email: string; password: string };
type From = { ip?: string; deviceToken?: string; deviceCode?: string; headers?: Record<string, string> };

const attempt = (
  stack: Stack,
  { email, password }: Attempt,
  { ip, deviceToken, deviceCode, headers }: From = {},
): Promise<Answer<LoginAnswer>> =>
  // Any node, so that what one counts has to count on the others.
  call(stack.nextUrl, 'POST', '/v1/auth/login', {
    body: { email, password, refreshTokenIn: 'body', deviceToken, deviceCode },
    headers: { ...(ip && { 'x-forwarded-for': ip }), ...headers },
  });

/** All of an answer but its request's id, and with the seconds to wait as whether there are any: they pass meanwhile. */
const withoutTime = ({ status, body }: Answer<LoginAnswer>) => {
  const { requestId: _, retryAfterSeconds, ...rest } = body;
  return { status, ...rest, hasWait: (retryAfterSeconds ?? 0) > 0 };
};

async function guess(stack: Stack, email: string, times: number, ip?: (index: number) => string) {
  const answers: Answer<LoginAnswer>[] = [];
  for (let index = 0; index < times; index += 1) {
    answers.push(await attempt(stack, { email, password: WRONG }, { ip: ip?.(index) }));
  }
  return answers;
}

/** All an answer says, as it was sent, but what no two answers share. */
async function bytesOf(stack: Stack, body: object, ip: string): Promise<string> {
  const response = await fetch(`${stack.url}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': ip },
    body: JSON.stringify(body),
  });
  const requestId = response.headers.get('x-request-id') ?? '';
  expect(requestId).not.toBe('');
  const headers = [...response.headers].filter(([name]) => name !== 'date' && !name.startsWith('ratelimit-'));
  return JSON.stringify([response.status, headers, await response.text()]).replaceAll(requestId, '');
}

const CODE_NEEDED = [403, 'auth.device-code-required'];
const codeOf = ({ status, body }: Answer<LoginAnswer>): unknown[] => [status, body.code];
const statuses = (answers: Answer[]): number[] => answers.map(({ status }) => status);

describeStack('Somebody guesses passwords', (start) => {
  describe('behind a proxy that names the client', () => {
    let stack: Stack;
    beforeAll(async () => {
      stack = await start({ TRUST_PROXY: '1', LIMIT_AUTH_REQUESTS_PER_MINUTE: '1000' }, { apiNodes: 2 });
    }, PATIENCE_MS);
    afterAll(() => stack?.stop());

    it('A04 L01 L02 and must wait after five, with the right one too, while its owner and others there sign in', async () => {
      const [anna, ben] = [await Admin.register(stack.url), await Admin.register(stack.url)];
      const deviceToken = (await attempt(stack, anna, { ip: ATTACKER })).body.deviceToken ?? '';
      const guesses = await guess(stack, anna.email, 6, () => ATTACKER);
      expect(statuses(guesses)).toEqual([401, 401, 401, 401, 401, 429]);

      const right = await attempt(stack, anna, { ip: ATTACKER });
      const wrong = guesses[5] as Answer<LoginAnswer>; // six were made
      for (const answer of [wrong, right]) {
        const wait = Number(answer.headers.get('retry-after'));
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(900);
        expect(answer.body.code).toBe('limit.logins');
      }
      expect(withoutTime(right)).toEqual(withoutTime(wrong));

      expect((await attempt(stack, anna, { ip: HOME })).status).toBe(200);
      expect((await attempt(stack, anna, { ip: ATTACKER, deviceToken })).status).toBe(200);
      expect((await attempt(stack, ben, { ip: ATTACKER })).status).toBe(200);
      expect((await attempt(stack, anna, { ip: ATTACKER })).status).toBe(429);
    });

    it('A04 L02 and a browser is known by a cookie that no script reads, good for the account it was given for', async () => {
      const [anna, ben] = [await Admin.register(stack.url), await Admin.register(stack.url)];
      const signedIn = await call<LoginAnswer>(stack.url, 'POST', '/v1/auth/login', {
        body: { email: anna.email, password: anna.password },
        headers: { 'x-forwarded-for': '192.0.2.40' },
      });
      expect(signedIn.body.deviceToken).toBeUndefined();
      const cookie = signedIn.headers.getSetCookie().find((line) => line.startsWith('__Host-device=')) ?? '';
      expect(cookie.split('; ').slice(1).sort()).toEqual(
        ['HttpOnly', 'Max-Age=7776000', 'Path=/', 'SameSite=Strict', 'Secure'].sort(),
      );
      const headers = { cookie: cookie.split(';')[0] ?? '' };
      for (const { email } of [anna, ben]) await guess(stack, email, 6, () => '192.0.2.40');
      expect((await attempt(stack, ben, { ip: '192.0.2.40', headers })).status).toBe(429);
      expect((await attempt(stack, anna, { ip: '192.0.2.40', headers })).status).toBe(200);
      const forged = { cookie: `${headers.cookie.slice(0, -2)}AA` };
      expect((await attempt(stack, anna, { ip: '192.0.2.40', headers: forged })).status).toBe(429);
    });

    it('A04 and thirty guesses at many accounts are all that one address has', async () => {
      const anna = await Admin.register(stack.url);
      const answers: Answer[] = [];
      for (let index = 0; index < 31; index += 1) {
        const stranger = { email: `${randomUUID()}@example.com`, password: WRONG };
        answers.push(await attempt(stack, stranger, { ip: '192.0.2.7' }));
      }
      expect(statuses(answers)).toEqual([...Array<number>(30).fill(401), 429]);
      expect((await attempt(stack, anna, { ip: '192.0.2.7' })).status).toBe(429);
      expect((await attempt(stack, anna, { ip: '192.0.2.8' })).status).toBe(200);
    });

    it('A04 L02 and after fifty from everywhere strangers are asked for a mailed code, a device its owner has used is not', async () => {
      const anna = await Admin.register(stack.url);
      const deviceToken = (await attempt(stack, anna, { ip: HOME })).body.deviceToken;
      const answers = await guess(stack, anna.email, 51, (index) => `100.64.1.${index}`);
      expect(statuses(answers)).toEqual([...Array<number>(50).fill(401), 403]);
      expect(codeOf(await attempt(stack, anna, { ip: '100.64.2.1' }))).toEqual(CODE_NEEDED);
      expect((await attempt(stack, anna, { ip: '100.64.2.1', deviceToken })).status).toBe(200);
    });

    it('A04 L02 and with the mailed code the owner gets in at a new device meanwhile, nobody with the password alone', async () => {
      const anna = await Admin.register(stack.url);
      await guess(stack, anna.email, 50, (index) => `100.64.3.${index}`);
      const codes = () => stack.mailbox.all(anna.email).filter(({ subject }) => subject.startsWith('Your code'));

      // Somebody has found the password out, asks for codes, and makes some up.
      for (let index = 0; index < 10; index += 1) {
        expect(codeOf(await attempt(stack, anna, { ip: `100.64.4.${index}` }))).toEqual(CODE_NEEDED);
      }
      const madeUp = [];
      for (let index = 0; index < 6; index += 1) {
        madeUp.push(await attempt(stack, anna, { ip: ATTACKER, deviceCode: `AAAA-AAAA-AAA${index}` }));
      }
      expect(statuses(madeUp)).toEqual([401, 401, 401, 401, 401, 429]);
      expect(madeUp[0]?.body.code).toBe('auth.device-code-invalid');

      const newDevice = '198.51.100.77';
      expect(codeOf(await attempt(stack, anna, { ip: newDevice }))).toEqual(CODE_NEEDED);
      const deviceCode = codeIn(await stack.mailbox.waitFor(anna.email, /^Your code to sign in/));
      const slip = await attempt(stack, { ...anna, password: WRONG }, { ip: newDevice, deviceCode });
      expect(codeOf(slip)).toEqual([401, 'auth.invalid-credentials']);
      const signedIn = await attempt(stack, anna, { ip: newDevice, deviceCode });
      expect([signedIn.status, signedIn.body.user?.id]).toEqual([200, anna.session.user.id]);
      expect((await call(stack.url, 'GET', '/v1/me', { token: signedIn.body.accessToken })).status).toBe(200);

      const { deviceToken } = signedIn.body;
      expect((await attempt(stack, anna, { ip: '198.51.100.78', deviceToken })).status).toBe(200);
      const again = await attempt(stack, anna, { ip: '198.51.100.79', deviceCode });
      expect(codeOf(again)).toEqual([401, 'auth.device-code-invalid']);
      expect(codes()).toHaveLength(1);
      expect(stack.api.log).not.toContain(deviceCode);
    });

    it('A04 L05 and an account that does not exist is asked for a code in the same bytes, and gets no mail', async () => {
      const anna = await Admin.register(stack.url);
      const nobody = `${randomUUID()}@example.com`;
      await guess(stack, anna.email, 50, (index) => `100.64.6.${index}`);
      await guess(stack, nobody, 50, (index) => `100.64.7.${index}`);
      const bodies = [
        { email: anna.email, password: WRONG },
        { email: anna.email, password: anna.password },
        { email: nobody, password: anna.password },
      ];
      for (const deviceCode of [undefined, 'AAAA-AAAA-AAAA']) {
        const said: string[] = [];
        for (const [index, body] of bodies.entries()) {
          said.push(await bytesOf(stack, { ...body, deviceCode }, `100.64.8.${index}`));
        }
        expect(said[0]).toContain(deviceCode ? 'auth.device-code-invalid' : 'auth.device-code-required');
        expect(said).toEqual([said[0], said[0], said[0]]);
      }
      await stack.mailbox.waitFor(anna.email, /^Your code/);
      expect(stack.mailbox.all(nobody)).toEqual([]);
    });
  });

  it(
    'A04 L01 and names of other addresses in a header are no way around it where no proxy is trusted, nor are other nodes',
    async () => {
      const stack = await start({ LIMIT_AUTH_REQUESTS_PER_MINUTE: String(AUTH_LIMIT) }, { apiNodes: 2 });
      try {
        const anna = await Admin.register(stack.url);
        const guesses = await guess(stack, anna.email, 6, (index) => `203.0.113.${index}`);
        expect(statuses(guesses)).toEqual([401, 401, 401, 401, 401, 429]);
        expect((await attempt(stack, anna, { ip: '203.0.113.99' })).status).toBe(429);
        await onAllNodes(stack);
      } finally {
        await stack.stop();
      }
    },
    PATIENCE_MS,
  );
});

/** What is asked of one node is not asked of another one anew: requests of one address count over all of them. */
async function onAllNodes(stack: Stack): Promise<void> {
  const ask = () => call<LoginAnswer>(stack.nextUrl, 'POST', '/v1/auth/refresh', { body: {} });
  // Early in a window, so that all of them fall into it; no node alone gets as many as the limit allows.
  await until(async () => Number((await ask()).headers.get('ratelimit-reset')) > 40, 60);
  const answers: Answer<LoginAnswer>[] = [];
  while (answers.length < AUTH_LIMIT) answers.push(await ask());
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  for (const { body, headers } of refused) {
    expect([body.code, Number(headers.get('retry-after')) > 0]).toEqual(['limit.requests', true]);
  }
}
