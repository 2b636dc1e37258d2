import { AUDIT_ENTITIES } from '@app/audit';
import { AUTH_ENTITIES, AuthModule, MAIL_PROMISED } from '@app/auth';
import { configForTests, PlatformForTests } from '@app/auth/testing';
import { createTestDatabase, type TestDatabase } from '@app/database/testing';
import { configureHttp, createHttpAdapter, HttpModule, listRoutes } from '@app/http';
import { newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { type Mail, Mailer } from '@app/mail';
import { CollectedMails } from '@app/mail/testing';
import { JobQueue } from '@app/queue';
import { MemoryJobQueue } from '@app/queue/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { connect } from 'node:net';

import { WORKSPACE_ENTITIES, WorkspacesModule } from './index';
import { ROLES } from './members/roles';

const PASSWORD = 'seven quiet otters paint';

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** A registered person as their client holds them. */
interface Person {
  userId: string;
  email: string;
  workspaceId: string;
  accessToken: string;
  refreshToken: string;
}

describe('accounts over HTTP', () => {
  let test: TestDatabase;
  let app: NestFastifyApplication;
  let url: string;
  const clock = new FakeClock();

  beforeAll(async () => {
    test = await createTestDatabase('embedded', {
      entities: [...WORKSPACE_ENTITIES, ...AUTH_ENTITIES, ...AUDIT_ENTITIES],
    });
    const config = configForTests();
    const module = await Test.createTestingModule({
      imports: [
        PlatformForTests.over(test, clock),
        HttpModule.forRoot(config),
        AuthModule.forRoot(config),
        WorkspacesModule,
      ],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), { logger: ['error'] });
    await configureHttp(app, config);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app?.close(); // undefined when it could not be made: the reason is in the log then
    await test.close();
  });

  async function call(
    method: string,
    path: string,
    { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(`${url}/v1${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  }
  const codeOf = ({ status, body }: Answer): unknown[] => [status, body['code']];

  const registration = (overrides: Record<string, unknown> = {}) => ({
    email: `anna.${newId()}@example.com`,
    password: PASSWORD,
    name: 'Anna Schmidt',
    workspaceName: 'Blue Kettle',
    ...overrides,
  });
  /** Asks for an account and follows the link in the mail. */
  async function confirmed(body: { email: string }): Promise<Answer> {
    const asked = await call('POST', '/auth/register', { body });
    expect([asked.status, asked.body]).toEqual([202, MAIL_PROMISED]);
    const token = tokenIn(await mailTo(body.email));
    return call('POST', '/auth/registrations/confirm', { body: { token, refreshTokenIn: 'body' } });
  }
  /** The newest mail to the address, once all that was asked for is sent. */
  async function mailTo(email: string): Promise<Mail> {
    await app.get<JobQueue, MemoryJobQueue>(JobQueue, { strict: false }).whenIdle();
    const mail = app
      .get<Mailer, CollectedMails>(Mailer, { strict: false })
      .sent.findLast(({ to }) => to === email.toLowerCase());
    if (!mail) throw new Error(`no mail to ${email}`);
    return mail;
  }
  const tokenIn = ({ text }: Mail): string => /#(\S+)$/m.exec(text)?.[1] ?? '';
  async function register(overrides: Record<string, unknown> = {}): Promise<Person> {
    const { status, body } = await confirmed(registration(overrides));
    expect(status).toBe(201);
    // The exact shape is asserted in the first test.
    const { user, workspace, ...tokens } = body as unknown as {
      user: { id: string; email: string };
      workspace: { id: string };
      accessToken: string;
      refreshToken: string;
    };
    return { ...tokens, userId: user.id, email: user.email, workspaceId: workspace.id };
  }
  /** Somebody else, in a role in the owner's workspace. */
  async function memberOf(owner: Person, role: string): Promise<Person> {
    const member = await register({ name: 'Mona Rivers' });
    await test.inspect('insert into workspace_members (workspace_id, user_id, role) values ($1, $2, $3)', [
      owner.workspaceId,
      member.userId,
      role,
    ]);
    return member;
  }

  it('registers, shows the profile, refreshes and signs out', async () => {
    const registered = await confirmed(registration());
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      user: { id: expect.any(String), email: expect.stringContaining('@example.com'), name: 'Anna Schmidt' },
      workspace: { id: expect.any(String), name: 'Blue Kettle', role: 'owner' },
      accessToken: expect.any(String),
      expiresAt: new Date(clock.now().getTime() + 900_000).toISOString(),
      refreshToken: expect.any(String),
      deviceToken: expect.any(String),
    });
    const { user, workspace, accessToken, refreshToken } = registered.body;
    const me = await call('GET', '/me', { token: String(accessToken) });
    expect([me.status, me.body]).toEqual([200, { user, workspaces: [workspace] }]);

    const refreshed = await call('POST', '/auth/refresh', { body: { refreshToken } });
    expect(refreshed.status).toBe(200);
    expect(Object.keys(refreshed.body).sort()).toEqual(['accessToken', 'expiresAt', 'refreshToken']);
    const token = String(refreshed.body['accessToken']);

    const out = await call('POST', '/auth/logout', { token });
    expect([out.status, out.body]).toEqual([204, {}]);
    expect(codeOf(await call('GET', '/me', { token }))).toEqual([401, 'auth.token-invalid']);
    expect(codeOf(await call('GET', '/me', { token: String(accessToken) }))).toEqual([401, 'auth.token-invalid']);
    const again = await call('POST', '/auth/refresh', { body: { refreshToken: refreshed.body['refreshToken'] } });
    expect(codeOf(again)).toEqual([401, 'auth.token-invalid']);
  });

  it('signs in, and answers a wrong password and an unknown account with the same bytes', async () => {
    const anna = await register();
    const login = (email: string, password: string) => call('POST', '/auth/login', { body: { email, password } });
    const right = await login(anna.email.toUpperCase(), PASSWORD);
    expect(right.status).toBe(200);
    expect(right.body).toMatchObject({ user: { id: anna.userId, email: anna.email, name: 'Anna Schmidt' } });
    const [wrong, unknown] = [await login(anna.email, 'wrong'), await login(`x${anna.email}`, PASSWORD)];
    expect(codeOf(wrong)).toEqual([401, 'auth.invalid-credentials']);
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
  });

  it('A04 says in Retry-After when the sixth sign-in may come', async () => {
    const anna = await register();
    const attempt = () => call('POST', '/auth/login', { body: { email: anna.email, password: 'wrong' } });
    for (let number = 1; number <= 5; number += 1) expect((await attempt()).status).toBe(401);
    const refused = await attempt();
    expect(codeOf(refused)).toEqual([429, 'limit.logins']);
    expect(refused.headers.get('retry-after')).toBe('900');
  });

  it('T13 refuses a refresh token as bearer and an access token as refresh token', async () => {
    const anna = await register();
    const asBearer = await call('GET', '/me', { token: anna.refreshToken });
    expect(codeOf(asBearer)).toEqual([401, 'auth.token-invalid']);
    const asRefresh = await call('POST', '/auth/refresh', { body: { refreshToken: anna.accessToken } });
    expect(codeOf(asRefresh)).toEqual([401, 'auth.token-invalid']);
    expect((await call('GET', '/me', { token: anna.accessToken })).status).toBe(200);
  });

  it.each([
    ['no header', {}, 'auth.required'],
    ['Basic', { authorization: 'Basic YTpi' }, 'auth.token-invalid'],
    ['an empty bearer', { authorization: 'Bearer ' }, 'auth.token-invalid'],
    ['15 KB', { authorization: `Bearer ${'a'.repeat(15_000)}` }, 'auth.token-invalid'],
  ])('asks to sign in with %s', async (_, headers, code) => {
    expect(codeOf(await call('GET', '/me', { headers }))).toEqual([401, code]);
  });

  it('refuses two Authorization headers, whichever would be good', async () => {
    const anna = await register();
    const { port } = new URL(url);
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => {
        const header = `Authorization: Bearer ${anna.accessToken}\r\n`;
        socket.write(`GET /v1/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${header}${header}\r\n`);
      });
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toContain('auth.token-invalid');
  });

  it.each([
    ['a short password', { password: 'short' }, 400, 'auth.password-weak'],
    ['the own name as password', { password: 'Anna-Schmidt-77' }, 400, 'auth.password-context'],
    ['no e-mail', { email: 'anna' }, 400, 'request.invalid'],
    ['a NUL in the name', { name: 'An\u0000na' }, 400, 'request.invalid'],
    ['a blank workspace name', { workspaceName: '   ' }, 400, 'request.invalid'],
    ['a role of their own choice', { role: 'owner' }, 400, 'request.invalid'],
    ['a list as password', { password: ['x'] }, 400, 'request.invalid'],
    ['600 characters as password', { password: 'ab1!'.repeat(150) }, 400, 'request.invalid'],
  ])('does not register with %s', async (_, overrides, status, code) => {
    const answer = await call('POST', '/auth/register', { body: registration(overrides) });
    expect(codeOf(answer)).toEqual([status, code]);
    expect(JSON.stringify(answer.body)).not.toContain(PASSWORD);
  });

  it('keeps names exactly as they were sent, markup and quotes too', async () => {
    const name = `<b onclick="x()">O'Brien</b> ; drop table users --`;
    const anna = await register({ name, workspaceName: name });
    const me = await call('GET', '/me', { token: anna.accessToken });
    expect(me.body).toMatchObject({ user: { name }, workspaces: [{ name }] });
  });

  it('makes, lists, shows and renames workspaces', async () => {
    const { accessToken: token, workspaceId } = await register();
    const made = await call('POST', '/workspaces', { token, body: { name: '  Second  ' } });
    expect([made.status, made.body]).toEqual([201, { id: expect.any(String), name: 'Second', role: 'owner' }]);
    const first = await call('GET', '/workspaces?limit=1', { token });
    expect(first.body).toMatchObject({ items: [{ id: workspaceId }], nextCursor: expect.any(String) });
    const rest = await call('GET', `/workspaces?limit=1&cursor=${String(first.body['nextCursor'])}`, { token });
    expect(rest.body).toEqual({ items: [made.body], nextCursor: null });

    const path = `/workspaces/${workspaceId}`;
    const etag = (await call('GET', path, { token })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const rename = (name: string) => call('PUT', path, { token, body: { name }, headers: { 'if-match': etag } });
    const renamed = await rename('Renamed');
    expect([renamed.status, renamed.body['name']]).toEqual([200, 'Renamed']);
    expect(renamed.headers.get('etag')).not.toBe(etag);
    expect(codeOf(await rename('Again'))).toEqual([412, 'request.precondition-failed']);
    expect((await call('PUT', path, { token, body: { name: 'Without' } })).status).toBe(200);
  });

  it('makes one workspace for the same Idempotency-Key', async () => {
    const { accessToken: token } = await register();
    const make = () =>
      call('POST', '/workspaces', { token, body: { name: 'Once' }, headers: { 'idempotency-key': 'make-once' } });
    const [first, second] = [await make(), await make()];
    expect(second.body).toEqual(first.body);
    const list = await call('GET', '/workspaces', { token });
    expect(list.body['items']).toHaveLength(2);
  });

  describe('I07 what a role may do', () => {
    const outcomes: Record<(typeof ROLES)[number], number[]> = {
      viewer: [200, 200, 403, 403, 403],
      agent: [200, 200, 403, 403, 403],
      editor: [200, 200, 403, 403, 403],
      admin: [200, 200, 200, 200, 201],
      owner: [200, 200, 200, 200, 201],
    };

    it.each(ROLES)('as %s', async (role) => {
      const owner = await register();
      const { accessToken: token } = await memberOf(owner, role);
      const path = `/workspaces/${owner.workspaceId}`;
      const newcomer = await register();
      const answers = [
        await call('GET', path, { token }),
        await call('GET', `${path}/members`, { token }),
        await call('GET', `${path}/audit-events`, { token }),
        await call('PUT', path, { token, body: { name: 'Renamed' } }),
        await call('POST', `${path}/invitations`, { token, body: { email: newcomer.email, role: 'viewer' } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(outcomes[role]);
      const refused = answers.filter(({ status }) => status === 403);
      expect(refused.every(({ body }) => body['code'] === 'access.denied')).toBe(true);
    });
  });

  it('T15 lets a removed member and a changed role count with the next request', async () => {
    const owner = await register();
    const member = await memberOf(owner, 'admin');
    const path = `/workspaces/${owner.workspaceId}`;
    const audit = () => call('GET', `${path}/audit-events`, { token: member.accessToken });
    expect((await audit()).status).toBe(200);
    const at = `${path}/members/${member.userId}`;
    expect((await call('PUT', at, { token: owner.accessToken, body: { role: 'viewer' } })).status).toBe(200);
    expect((await audit()).status).toBe(403);
    expect((await call('DELETE', at, { token: owner.accessToken })).status).toBe(204);
    expect(codeOf(await audit())).toEqual([404, 'workspace.not-found']);
  });

  it('R01 answers every workspace route of a stranger like one of a workspace that does not exist', async () => {
    const [anna, ben] = [await register(), await register()];
    const routes = listRoutes(app).filter(({ path }) => path.includes(':workspaceId'));
    expect(routes.length).toBeGreaterThanOrEqual(7);
    for (const { method, path } of routes) {
      const ask = (workspaceId: string) =>
        call(method, path.replace('/v1', '').replace(':workspaceId', workspaceId).replace(':userId', anna.userId), {
          token: ben.accessToken,
          body: method === 'GET' || method === 'DELETE' ? undefined : { name: 'x', email: ben.email, role: 'owner' },
        });
      const [foreign, missing] = [await ask(anna.workspaceId), await ask(newId())];
      expect([method, path, ...codeOf(foreign)]).toEqual([method, path, 404, 'workspace.not-found']);
      expect({ ...foreign.body, requestId: '' }).toEqual({ ...missing.body, requestId: '' });
    }
  });

  it('shows the audit trail newest first, by action, page by page', async () => {
    const owner = await register();
    const { accessToken: token, workspaceId } = owner;
    await call('PUT', `/workspaces/${workspaceId}`, { token, body: { name: 'Renamed' } });
    const path = `/workspaces/${workspaceId}/audit-events`;
    const page = await call('GET', `${path}?limit=1`, { token: owner.accessToken });
    expect(page.body).toEqual({
      items: [
        {
          id: expect.any(String),
          position: expect.any(Number),
          action: 'workspace.renamed',
          result: 'succeeded',
          actor: { type: 'user', id: owner.userId },
          data: { workspaceId },
          ip: '127.0.0.1',
          requestId: expect.any(String),
          createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      ],
      nextCursor: expect.any(String),
    });
    const created = await call('GET', `${path}?action=workspace.created`, { token: owner.accessToken });
    expect(created.body).toMatchObject({ items: [{ action: 'workspace.created' }], nextCursor: null });
    const unknown = await call('GET', `${path}?action=nothing.happened`, { token: owner.accessToken });
    expect(codeOf(unknown)).toEqual([400, 'request.invalid']);
  });

  it('has these public routes and no other', () => {
    const open = listRoutes(app).filter(({ access }) => access === 'public');
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      'GET /.well-known/jwks.json',
      'GET /v1/auth/oidc',
      'GET /v1/auth/oidc/callback',
      'GET /v1/auth/oidc/start',
      'POST /v1/auth/login',
      'POST /v1/auth/login/second-factor',
      'POST /v1/auth/password-resets',
      'POST /v1/auth/password-resets/confirm',
      'POST /v1/auth/refresh',
      'POST /v1/auth/register',
      'POST /v1/auth/registrations/confirm',
    ]);
  });
});
