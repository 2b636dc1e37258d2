import { randomUUID } from 'node:crypto';
import { Admin, type Answer, call } from './support/admin';
import { readDatabaseStored } from './support/at-rest';
import { mailbox, tokenIn } from './support/mailbox';
import { describeStacks, type Stack } from './support/stack';

interface Problem {
  code: string;
  requestId: string;
}
type SignIn = Answer<{ accessToken: string; refreshToken: string } & Problem>;

const NEXT = 'Nine-otters-knit-scarves';

describeStacks('A person keeps their account', (start) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
  }, 180_000);
  afterAll(() => stack?.stop());

  const login = (email: string, password: string): Promise<SignIn> =>
    call(stack.nextUrl, 'POST', '/v1/auth/login', { body: { email, password, refreshTokenIn: 'body' } });
  /** On every node, at once; one number where all say the same. */
  const me = async (token: string): Promise<number> => {
    const asked = stack.nodes.map(async ({ url }) => (await call(url, 'GET', '/v1/me', { token })).status);
    const [status = 0, ...others] = new Set(await Promise.all(asked));
    return others.length === 0 ? status : Number.NaN;
  };
  const register = (overrides: Record<string, string>) =>
    call<Problem>(stack.nextUrl, 'POST', '/v1/auth/register', {
      body: { email: `${randomUUID()}@example.com`, password: NEXT, name: 'Bea', workspaceName: 'Acme', ...overrides },
    });
  const askForReset = (email: string) => call(stack.nextUrl, 'POST', '/v1/auth/password-resets', { body: { email } });
  const reset = (token: string, password = NEXT) =>
    call<Problem>(stack.nextUrl, 'POST', '/v1/auth/password-resets/confirm', { body: { token, password } });

  it('T09 L11 and a changed password ends the other sessions and mailed links on every node, and this session gets new tokens', async () => {
    const admin = await Admin.register(stack.url);
    const other = await login(admin.email, admin.password);
    await askForReset(admin.email);
    const link = tokenIn(await mailbox.waitFor(admin.email, /^Choose a new password/));
    const change = (currentPassword: string) =>
      admin.call<{ accessToken: string; refreshToken: string } & Problem>('PUT', '/v1/me/password', {
        currentPassword,
        newPassword: NEXT,
        refreshTokenIn: 'body',
      });
    const refused = await change('not-the-Password-1');
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.confirmation-failed']);
    const changed = await change(admin.password);
    expect(changed.status).toBe(200);
    expect([await me(other.body.accessToken), await me(changed.body.accessToken)]).toEqual([401, 200]);
    expect((await reset(link, 'Eleven-herons-fold-maps')).body.code).toBe('auth.link-invalid');
    expect([(await login(admin.email, admin.password)).status, (await login(admin.email, NEXT)).status]).toEqual([
      401, 200,
    ]);
    await mailbox.waitFor(admin.email, /password was changed/);
  });

  it('L11 and a mailed link is good once, for an hour, for its own account, and is in no log', async () => {
    const [admin, ben] = [await Admin.register(stack.url), await Admin.register(stack.url)];
    await askForReset(admin.email);
    const first = tokenIn(await mailbox.waitFor(admin.email, /^Choose a new password/));
    expect((await reset(first, 'short')).body.code).toBe('auth.password-weak');
    const foreign = Buffer.concat([
      Buffer.from(ben.session.user.id.replaceAll('-', ''), 'hex'),
      Buffer.from(first, 'base64url').subarray(16),
    ]).toString('base64url');
    expect((await reset(foreign)).body.code).toBe('auth.link-invalid');
    expect((await reset(first)).status).toBe(204);
    expect(await me(admin.session.accessToken)).toBe(401);
    expect((await reset(first)).body.code).toBe('auth.link-invalid');
    await askForReset(ben.email);
    const late = tokenIn(await mailbox.waitFor(ben.email, /^Choose a new password/));
    await stack.advanceClock(3601);
    expect((await reset(late)).body.code).toBe('auth.link-invalid');
    const logs = [...stack.nodes, stack.worker].map((process) => process?.log ?? '').join('\n');
    for (const token of [first, late]) expect(logs).not.toContain(token);
  });

  it('L05 and registering and resetting answer the same for known and unknown addresses', async () => {
    const admin = await Admin.register(stack.url);
    const asked = [await register({ email: admin.email }), await register({})];
    const resets = [await askForReset(admin.email), await askForReset(`${randomUUID()}@example.com`)];
    const shape = ({ status, body }: Answer) => ({ status, body });
    expect(asked.map(shape)).toEqual([shape(resets[0] as Answer), shape(resets[1] as Answer)]); // two were asked for
    expect(asked[0]?.status).toBe(202);
    await mailbox.waitFor(admin.email, /^You have a CustomerCare account/);
    expect((await login(admin.email, NEXT)).status).toBe(401);
  });

  it('L05 and before the link is followed there is no account', async () => {
    const email = `${randomUUID()}@example.com`;
    await register({ email });
    await mailbox.waitFor(email, /^Confirm/);
    const refused = await login(email, NEXT);
    const unknown = await login(`${randomUUID()}@example.com`, NEXT);
    expect({ ...refused.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
    await Admin.confirm(stack.nextUrl, email);
    expect((await login(email, NEXT)).status).toBe(200);
    await expect(Admin.confirm(stack.nextUrl, email)).rejects.toThrow('auth.link-invalid');
  });

  it('L01 and after five wrong passwords an address must wait, with the right one too, while others go on', async () => {
    const [admin, ben] = [await Admin.register(stack.url), await Admin.register(stack.url)];
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect((await login(admin.email, 'wrong-Password-9')).status).toBe(401);
    }
    const [wrong, right] = [await login(admin.email, 'wrong-Password-9'), await login(admin.email, admin.password)];
    for (const answer of [wrong, right]) {
      expect([answer.status, answer.body.code]).toEqual([429, 'limit.logins']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await login(ben.email, ben.password)).status).toBe(200);
    expect(await me(admin.session.accessToken)).toBe(200);
  });

  it.each([
    ['eleven characters', 'gravel-Mot7', 'auth.password-weak'],
    ['twelve lower-case letters', 'dulcet ferry', 'auth.password-weak'],
    ['129 characters', 'k7#'.padEnd(129, 'wjtxoqmelauvz59r-pnb'), 'auth.password-weak'],
    ['a stolen one', '1q2w3e4r5t6y', 'auth.password-breached'],
    ['the workspace with a year', 'BlueKettle-2024', 'auth.password-context'],
    ['the product in leet', 'Cu5t0merC4re!22', 'auth.password-context'],
  ])('L06 L07 and %s is refused as password', async (_, password, code) => {
    const answer = await register({ password, workspaceName: 'Blue Kettle' });
    expect([answer.status, answer.body.code]).toEqual([400, code]);
  });

  it('L06 and a password of composed or decomposed characters is the same, and long ones differ to the end', async () => {
    const email = `${randomUUID()}@example.com`;
    const long = `Cafe\u0301 au lait ${'on the terrace '.repeat(6)}`;
    await register({ email, password: `${long}1` });
    await Admin.confirm(stack.nextUrl, email);
    const outcomes = [
      await login(email, `${long}1`.normalize('NFC')),
      await login(email, `${long}1`.normalize('NFD')),
      await login(email, `${long}2`),
    ];
    expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 401]);
  });

  // The last one: the embedded database is read once its product has let go of it.
  it('L09 and what is kept of every password is argon2id, with at least the work OWASP asks for', async () => {
    const people = [await Admin.register(stack.url), await Admin.register(stack.url)];
    if (!stack.server) await stack.api.stop();
    const hashes = (await readDatabaseStored(stack)).get('users.password_hash')?.split('\n') ?? [];
    expect(hashes.length).toBeGreaterThanOrEqual(people.length);
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});
