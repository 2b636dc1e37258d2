import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Admin, call } from './support/admin';
import { projectRoot } from './support/product';
import { describeStack, type Stack } from './support/stack';

describeStack('An operator suspends an account', (start) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
  }, 180_000);
  afterAll(() => stack?.stop());

  const run = (...words: string[]): Promise<{ code: number | null; text: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(projectRoot, 'dist/apps/cli/src/main.js'), ...words], {
        cwd: projectRoot,
        env: { PATH: process.env.PATH, DATA_DIR: stack.dataDir, ...stack.env },
      });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)));
      child.once('close', (code) => resolve({ code, text }));
    });

  /** The embedded database belongs to one process: there the api makes room for the command. */
  async function command(...words: string[]): Promise<{ code: number | null; text: string }> {
    if (stack.server) return run(...words);
    await stack.api.stop();
    const done = await run(...words);
    await stack.restartApi();
    return done;
  }

  const statuses = (token: string) =>
    Promise.all(stack.nodes.map(async ({ url }) => (await call(url, 'GET', '/v1/me', { token })).status));
  const login = async ({ email, password }: Admin) => {
    const answer = await call<{ code?: string }>(stack.url, 'POST', '/v1/auth/login', { body: { email, password } });
    return [answer.status, answer.body.code];
  };

  it('T15 A01 and every token is refused at once on every node, and every sign-in, until it is restored', async () => {
    const [admin, other] = [await Admin.register(stack.url), await Admin.register(stack.url)];
    expect(new Set(await statuses(admin.session.accessToken))).toEqual(new Set([200]));
    const suspended = await command('users:suspend', admin.email);
    expect(suspended).toEqual({
      code: 0,
      text: expect.stringContaining('suspended and signed out everywhere') as unknown,
    });
    expect(suspended.text).not.toContain(admin.email);
    expect(new Set(await statuses(admin.session.accessToken))).toEqual(new Set([401]));
    const { refreshToken } = admin.session;
    expect((await call(stack.url, 'POST', '/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    expect(await login(admin)).toEqual([403, 'auth.account-suspended']);
    expect(new Set(await statuses(other.session.accessToken))).toEqual(new Set([200]));
    expect((await command('users:restore', admin.email)).code).toBe(0);
    expect(await login(admin)).toEqual([200, undefined]);
    expect(new Set(await statuses(admin.session.accessToken))).toEqual(new Set([401]));
  }, 180_000); // on the embedded database each command waits for the api to stop and start

  it('but not one that nobody has', async () => {
    const { code, text } = await command('users:suspend', 'nobody@example.com');
    expect([code, text.trim()]).toEqual([1, 'Nobody has this e-mail address.']);
  });
});
