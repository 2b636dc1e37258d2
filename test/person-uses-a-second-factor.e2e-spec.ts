import { Admin, type Answer, call } from './support/admin';
import { describeStack, type Stack } from './support/stack';

interface Problem {
  code: string;
}
interface Challenge {
  secondFactor: { challenge: string; expiresAt: string; methods: string[] };
}
interface Tokens {
  accessToken: string;
  refreshToken: string;
}
interface OpenApi {
  paths: Record<string, Record<string, { 'x-step-up'?: boolean }>>;
}

/** The reviewed list: what somebody with a stolen, idle session must not be able to do. */
const STEP_UP_ROUTES = [
  'DELETE /v1/me/identities/{identityId}',
  'DELETE /v1/me/totp',
  'POST /v1/me/identities',
  'POST /v1/me/recovery-codes',
  'POST /v1/me/totp',
  'POST /v1/workspaces/{workspaceId}/api-keys',
  'POST /v1/workspaces/{workspaceId}/embeds/{embedId}/identity-secrets',
  'POST /v1/workspaces/{workspaceId}/embeds/{embedId}/identity-secrets/rotate',
  'POST /v1/workspaces/{workspaceId}/embeds/{embedId}/keys/rotate',
  'POST /v1/workspaces/{workspaceId}/transfer',
];

describeStack('A person uses a second factor', (start) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
  }, 180_000);
  afterAll(() => stack?.stop());

  /** By the product's clock, which the story moves. */
  const codeFor = async (secret: string): Promise<string> => {
    const { generate } = await import('otplib');
    return generate({ secret, epoch: Math.floor(stack.now.getTime() / 1000) });
  };
  const login = ({ email, password }: Admin): Promise<Answer<Challenge & Tokens & Problem>> =>
    call(stack.nextUrl, 'POST', '/v1/auth/login', { body: { email, password, refreshTokenIn: 'body' } });
  const finish = (body: unknown): Promise<Answer<Tokens & Problem>> =>
    call(stack.nextUrl, 'POST', '/v1/auth/login/second-factor', { body });

  /** Somebody whose authenticator app is set up, and whose codes so far are spent. */
  async function enrolled() {
    const admin = await Admin.register(stack.url);
    const { secret } = (await admin.call<{ secret: string }>('POST', '/v1/me/totp')).body;
    const confirmed = await admin.call<{ recoveryCodes: string[] }>('POST', '/v1/me/totp/confirm', {
      code: await codeFor(secret),
    });
    expect(confirmed.status).toBe(200);
    await stack.advanceClock(90);
    return { admin, secret, recoveryCodes: confirmed.body.recoveryCodes };
  }

  it('to sign in: after the password no token comes before the code of the second factor', async () => {
    const { admin, secret } = await enrolled();
    const first = await login(admin);
    expect([first.status, Object.keys(first.body)]).toEqual([200, ['secondFactor']]);
    expect(first.headers.get('set-cookie')).toBeNull();
    const { challenge, methods } = first.body.secondFactor;
    expect(methods).toEqual(['totp', 'recovery-code']);
    const code = await codeFor(secret);
    const done = await finish({ challenge, code, refreshTokenIn: 'body' });
    expect([done.status, typeof done.body.refreshToken]).toEqual([200, 'string']);
    const me = await call<{ user: { email: string } }>(stack.url, 'GET', '/v1/me', { token: done.body.accessToken });
    expect(me.body.user.email).toBe(admin.email);
    const again = await finish({ challenge: (await login(admin)).body.secondFactor.challenge, code });
    expect([again.status, again.body.code]).toEqual([401, 'auth.second-factor-invalid']);
  });

  it('T13 and neither a challenge nor an enrolment secret is good as a token', async () => {
    const admin = await Admin.register(stack.url);
    const { secret } = (await admin.call<{ secret: string }>('POST', '/v1/me/totp')).body;
    await admin.call('POST', '/v1/me/totp/confirm', { code: await codeFor(secret) });
    const { challenge } = (await login(admin)).body.secondFactor;
    for (const token of [challenge, secret]) {
      for (const path of ['/v1/me', `/v1/workspaces/${admin.workspaceId}`]) {
        const answer = await call<Problem>(stack.url, 'GET', path, { token });
        expect([answer.status, answer.body.code]).toEqual([401, 'auth.token-invalid']);
      }
      const refreshed = await call(stack.url, 'POST', '/v1/auth/refresh', { body: { refreshToken: token } });
      expect(refreshed.status).toBe(401);
    }
    const swapped = await finish({ challenge: admin.session.accessToken, code: '000000' });
    expect([swapped.status, swapped.body.code]).toEqual([401, 'auth.challenge-invalid']);
  });

  it('A04 and who guesses codes of a second factor has to wait, while its owner gets in with a recovery code', async () => {
    const { admin, secret, recoveryCodes } = await enrolled();
    const guess = async (code: string) => finish({ challenge: (await login(admin)).body.secondFactor.challenge, code });
    const right = await codeFor(secret);
    const wrong = right === '123456' ? '654321' : '123456';
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await guess(wrong)).status).toBe(401);
    const refused = await guess(await codeFor(secret));
    expect([refused.status, refused.body.code]).toEqual([429, 'limit.logins']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    const { challenge } = (await login(admin)).body.secondFactor;
    const recovered = await finish({ challenge, recoveryCode: recoveryCodes[0] });
    expect(recovered.status).toBe(200);
    const status = await admin.call<{ recoveryCodesLeft: number }>('GET', '/v1/me/second-factor');
    expect(status.body).toMatchObject({ isEnabled: true, recoveryCodesLeft: 9 });
  });

  it('and dangerous actions ask again who it is, ten minutes after the last proof', async () => {
    const { admin, secret } = await enrolled();
    await stack.advanceClock(600);
    const { challenge } = (await login(admin)).body.secondFactor;
    const { body } = await finish({ challenge, code: await codeFor(secret), refreshTokenIn: 'body' });
    const as = (method: string, path: string, input?: unknown) =>
      call<Problem>(stack.nextUrl, method, path, { token: body.accessToken, body: input });
    expect((await as('POST', '/v1/me/recovery-codes')).status).toBe(200);
    await stack.advanceClock(601);
    const refused = await as('DELETE', '/v1/me/totp');
    expect([refused.status, refused.body.code]).toEqual([403, 'auth.step-up-required']);
    const wrong = await as('POST', '/v1/me/step-up', { password: 'wrong' });
    expect([wrong.status, wrong.body.code]).toEqual([403, 'auth.confirmation-failed']);
    expect((await as('POST', '/v1/me/step-up', {})).status).toBe(400);
    expect((await as('POST', '/v1/me/step-up', { password: admin.password, code: '1' })).status).toBe(400);
    expect((await as('DELETE', '/v1/me/totp')).status).toBe(403);
    expect((await as('POST', '/v1/me/step-up', { password: admin.password })).status).toBe(200);
    expect((await as('DELETE', '/v1/me/totp')).status).toBe(204);
    expect(Object.keys((await login(admin)).body)).toContain('accessToken');
  });

  it('and exactly the reviewed routes ask for it', async () => {
    const { paths } = (await call<OpenApi>(stack.url, 'GET', '/docs/json')).body;
    const found = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        operation['x-step-up'] === true ? [`${method.toUpperCase()} ${path}`] : [],
      ),
    );
    expect(found.sort()).toEqual(STEP_UP_ROUTES);
  });
});
