import { Admin, type Answer, call } from './support/admin';
import { describeStack, type Stack } from './support/stack';

interface Key {
  id: string;
  key: string;
  last4: string;
  lastUsedAt: string | null;
}
interface Problem {
  code: string;
  errors?: { path: string }[];
}
const DAY = 24 * 3600;

describeStack('A program calls with a key', (start) => {
  let stack: Stack;
  let owner: Admin;

  beforeAll(async () => {
    stack = await start({}, { apiNodes: 2 });
    owner = await Admin.register(stack.url);
  }, 180_000);
  afterAll(() => stack?.stop());

  const make = async (scopes: string[], rest: object = {}): Promise<Key> => {
    const answer = await owner.inWorkspace<Key>('POST', '/api-keys', { name: 'A program', scopes, ...rest });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const list = async (): Promise<Key[]> => (await owner.inWorkspace<{ items: Key[] }>('GET', '/api-keys')).body.items;
  const ask = ({ key }: Key, path: string, method = 'GET', body?: unknown): Promise<Answer<Problem>[]> =>
    Promise.all(stack.nodes.map(({ url }) => call<Problem>(url, method, path, { token: key, body })));
  const inWorkspace = (path: string, workspaceId = owner.workspaceId): string => `/v1/workspaces/${workspaceId}${path}`;
  const outcomes = (answers: Answer<Problem>[]): unknown[] => answers.map(({ status, body }) => [status, body.code]);
  const onEveryNode = (...outcome: unknown[]): unknown[] => stack.nodes.map(() => outcome);

  it('I07 that opens what it was made for, in its own workspace, and nothing else', async () => {
    const key = await make(['documents.read']);
    expect(key.key).toMatch(/^cc_key_[\w-]{43}$/);
    expect(outcomes(await ask(key, inWorkspace('/documents')))).toEqual(onEveryNode(200, undefined));
    for (const path of ['/embeds', '/members', '/api-keys', '/invitations', '/audit-events', '']) {
      expect([path, ...outcomes(await ask(key, inWorkspace(path)))]).toEqual([
        path,
        ...onEveryNode(403, 'access.denied'),
      ]);
    }
    expect(outcomes(await ask(key, '/v1/me'))).toEqual(onEveryNode(403, 'access.denied'));
    const other = await Admin.register(stack.url);
    const foreign = await ask(key, inWorkspace('/documents', other.workspaceId));
    expect(outcomes(foreign)).toEqual(onEveryNode(404, 'workspace.not-found'));
  });

  it('that is shown once, kept as a hash, and listed by its end and its last use', async () => {
    const key = await make(['documents.read']);
    await ask(key, inWorkspace('/documents'));
    const listed = (await list()).find(({ id }) => id === key.id);
    expect(listed).toMatchObject({ last4: key.key.slice(-4), lastUsedAt: expect.stringMatching(/Z$/) });
    expect(JSON.stringify(await list())).not.toContain(key.key);
    const stored = await stack.inspect<{ row: string }>('select row_to_json(k)::text as row from api_keys k');
    for (const { row } of stored ?? []) expect(row).not.toContain(key.key);
  });

  it('that is signed with its own id in the audit trail', async () => {
    const key = await make(['embeds.write']);
    expect(outcomes(await ask(key, inWorkspace('/embeds'), 'POST', { name: 'By a program' }))).toEqual(
      onEveryNode(201, undefined),
    );
    const trail = await owner.inWorkspace<{ items: { actor: object }[] }>('GET', '/audit-events?action=embed.created');
    expect(trail.body.items[0]?.actor).toEqual({ type: 'api-key', id: key.id });
  });

  it('that is made by whoever may, for no more than they may, and for a year at most', async () => {
    const refused = (body: object) => owner.inWorkspace<Problem>('POST', '/api-keys', { name: 'Too much', ...body });
    const tooMuch = await refused({ scopes: ['documents.read', 'members.manage'] });
    expect([tooMuch.status, tooMuch.body.errors?.map(({ path }) => path)]).toEqual([400, ['scopes.1']]);
    expect((await refused({ scopes: [] })).status).toBe(400);
    expect((await refused({ scopes: ['documents.read'], expiresInDays: 366 })).status).toBe(400);
    const editor = await Admin.register(stack.url);
    await owner.addMember(editor, 'editor');
    const body = { name: 'Mine', scopes: ['documents.read'] };
    expect(outcomes([await editor.call<Problem>('POST', inWorkspace('/api-keys'), body)])).toEqual([
      [403, 'access.denied'],
    ]);
  });

  it('that is refused on every node once it is revoked, was made up, or is over', async () => {
    const [key, brief] = [await make(['documents.read']), await make(['documents.read'], { expiresInDays: 1 })];
    const madeUp = { ...key, key: `${key.key.slice(0, -1)}${key.key.endsWith('A') ? 'E' : 'A'}` };
    expect(outcomes(await ask(madeUp, inWorkspace('/documents')))).toEqual(onEveryNode(401, 'auth.token-invalid'));
    expect((await owner.inWorkspace('DELETE', `/api-keys/${key.id}`)).status).toBe(204);
    expect(outcomes(await ask(key, inWorkspace('/documents')))).toEqual(onEveryNode(401, 'auth.token-invalid'));
    expect(outcomes(await ask(brief, inWorkspace('/documents')))).toEqual(onEveryNode(200, undefined));
    await stack.advanceClock(DAY);
    expect(outcomes(await ask(brief, inWorkspace('/documents')))).toEqual(onEveryNode(401, 'auth.token-invalid'));
  });
});
