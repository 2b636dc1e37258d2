import { Admin, type Answer, call } from './support/admin';
import { describeStack, type Stack } from './support/stack';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}
interface Problem {
  code: string;
  requestId: string;
}

describeStack('An admin signs in', (start) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await start();
  }, 120_000);
  afterAll(() => stack?.stop());

  const refresh = (refreshToken: string): Promise<Answer<Tokens & Problem>> =>
    call(stack.url, 'POST', '/v1/auth/refresh', { body: { refreshToken } });
  const me = (token?: string) =>
    call<{ user: { email: string }; workspaces: { role: string }[] } & Problem>(stack.url, 'GET', '/v1/me', { token });

  it('with the right password only, and both wrong cases look alike', async () => {
    const admin = await Admin.register(stack.url);
    const login = (email: string, password: string) =>
      call<Tokens & Problem>(stack.url, 'POST', '/v1/auth/login', { body: { email, password } });
    const right = await login(admin.email, admin.password);
    expect([right.status, (await me(right.body.accessToken)).body.user.email]).toEqual([200, admin.email]);
    const wrong = await login(admin.email, 'Another-password-99');
    const unknown = await login('nobody@example.com', 'Another-password-99');
    const shape = ({ status, body: { requestId: _, ...body } }: Answer<Tokens & Problem>) => ({ status, body });
    expect(shape(wrong)).toEqual(shape(unknown));
    expect([wrong.status, wrong.body.code]).toEqual([401, 'auth.invalid-credentials']);
  });

  it('and the access token lives 15 minutes', async () => {
    const { session } = await Admin.register(stack.url);
    const claims = JSON.parse(Buffer.from(session.accessToken.split('.')[1] ?? '', 'base64url').toString()) as {
      exp: number;
      iat: number;
    };
    expect(claims.exp - claims.iat).toBe(900);
  });

  it('and each refresh token works once; using an old one again closes the whole session', async () => {
    const { session } = await Admin.register(stack.url);
    const second = await refresh(session.refreshToken);
    const third = await refresh(second.body.refreshToken);
    expect([second.status, third.status]).toEqual([200, 200]);
    const stolen = await refresh(session.refreshToken);
    expect([stolen.status, stolen.body.code]).toEqual([401, 'auth.refresh-reused']);
    expect((await refresh(third.body.refreshToken)).status).toBe(401);
    expect((await me(third.body.accessToken)).status).toBe(401);
  });

  it('and after logout neither token works', async () => {
    const { session } = await Admin.register(stack.url);
    expect((await call(stack.url, 'POST', '/v1/auth/logout', { token: session.accessToken })).status).toBe(204);
    expect((await me(session.accessToken)).status).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
  });

  it('and a viewer may read but not write', async () => {
    const owner = await Admin.register(stack.url);
    const viewer = await Admin.register(stack.url);
    await owner.addMember(viewer, 'viewer');
    const at = `/v1/workspaces/${owner.workspaceId}`;
    expect((await viewer.call('GET', `${at}/documents`)).status).toBe(200);
    const refused = await viewer.call<Problem>('POST', `${at}/embeds`, { name: 'Mine', allowedOrigins: [] });
    expect([refused.status, refused.body.code]).toEqual([403, 'access.denied']);
  });

  it.each([
    [
      'an unknown field',
      { email: 'a@example.com', password: 'Violet-harbour-42', name: 'A', workspaceName: 'W', role: 'owner' },
    ],
    ['a number for a name', { email: 'a@example.com', password: 'Violet-harbour-42', name: 7, workspaceName: 'W' }],
    ['an array for a body', []],
  ])('and a registration with %s is refused whole', async (_name, body) => {
    const answer = await call<Problem>(stack.url, 'POST', '/v1/auth/register', { body });
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('and every change is in the audit log with its actor, and nothing else is', async () => {
    const admin = await Admin.register(stack.url);
    const document = await admin.uploadAndIndex(
      'note.md',
      Buffer.from('# Note\n\nTea is served at four.\n'),
      'text/markdown',
    );
    const embed = await admin.createEmbed(['https://a.example.com']);
    await admin.inWorkspace('POST', `/embeds/${embed.id}/disable`);
    await admin.inWorkspace('DELETE', `/documents/${document.id}`);
    const log = await admin.inWorkspace<{ items: { action: string; actor: { type: string; id: string | null } }[] }>(
      'GET',
      '/audit-events',
    );
    const byUser = log.body.items.filter(({ actor }) => actor.id === admin.session.user.id).map(({ action }) => action);
    expect(byUser).toEqual(
      expect.arrayContaining([
        'document.deleted',
        'embed.disabled',
        'embed.created',
        'document.uploaded',
        'workspace.created',
      ]),
    );
    expect(log.body.items.map(({ action }) => action)).toContain('document.indexed');
    expect(JSON.stringify(log.body)).not.toContain('Tea is served');
  });
});
