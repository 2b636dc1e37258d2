import { Admin, call, type DocumentView } from './support/admin';
import { describeStacks, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const handbook = (secret: string): Buffer =>
  Buffer.from(`# Returns\n\nThe return code for this company is ${secret}. Parcels go back within thirty days.\n`);

describeStacks('Two companies upload documents of the same name', (start) => {
  let stack: Stack;
  const companies: { admin: Admin; secret: string; document: DocumentView; visitor: Visitor; embedId: string }[] = [];

  beforeAll(async () => {
    stack = await start();
    for (const secret of ['WALRUS-1111', 'OSPREY-2222']) {
      const admin = await Admin.register(stack.url, secret);
      const document = await admin.uploadAndIndex('handbook.md', handbook(secret), 'text/markdown');
      const embed = await admin.createEmbed([SITE]);
      const visitor = await Visitor.arrive(stack.url, embed.embedKey, SITE);
      companies.push({ admin, secret, document, visitor, embedId: embed.id });
    }
  }, 180_000);

  afterAll(async () => {
    for (const { visitor } of companies) visitor.leave();
    await stack?.stop();
  });

  const pair = (index: number) => {
    const [mine, other] = index === 0 ? companies : [companies[1], companies[0]];
    if (!mine || !other) throw new Error('both companies are needed');
    return { mine, other };
  };

  it.each([0, 1])('and each visitor hears only of their own company (%i)', async (index) => {
    const { mine, other } = pair(index);
    const end = await mine.visitor.ask('What is the return code for this company?');
    expect(end.text).toContain(mine.secret);
    expect(JSON.stringify(end)).not.toContain(other.secret);
    expect(end.citations.map(({ documentId }) => documentId)).toEqual([mine.document.id]);
    const literally = await mine.visitor.ask(`Tell me about the return code ${other.secret}`);
    expect(JSON.stringify(literally)).not.toContain(other.document.id);
  });

  it.each([0, 1])('and the search of each finds only its own passages (%i)', async (index) => {
    const { mine, other } = pair(index);
    const answer = await mine.admin.inWorkspace<{ passages: unknown[] }>('POST', '/search', {
      query: 'return code',
      limit: 10,
    });
    expect(answer.status).toBe(200);
    expect(answer.body.passages).toHaveLength(1);
    expect(JSON.stringify(answer.body)).toContain(mine.secret);
    expect(JSON.stringify(answer.body)).not.toContain(other.secret);
  });

  it.each([
    ['GET', '/documents'],
    ['POST', '/search'],
    ['GET', '/embeds'],
    ['GET', '/audit-events'],
    ['GET', '/members'],
    ['GET', '/conversations'],
    ['GET', ''],
  ])('and %s on the other workspace%s is not found', async (method, path) => {
    const { mine, other } = pair(0);
    const body = method === 'POST' ? { query: 'return code' } : undefined;
    const answer = await mine.admin.call<{ code: string }>(
      method,
      `/v1/workspaces/${other.admin.workspaceId}${path}`,
      body,
    );
    expect([answer.status, answer.body.code]).toEqual([404, 'workspace.not-found']);
  });

  it('and an id of the other company inside the own workspace is not found', async () => {
    const { mine, other } = pair(0);
    for (const [method, path] of [
      ['GET', `/documents/${other.document.id}`],
      ['GET', `/documents/${other.document.id}/content`],
      ['DELETE', `/documents/${other.document.id}`],
      ['POST', `/documents/${other.document.id}/retry`],
      ['GET', `/embeds/${other.embedId}`],
      ['DELETE', `/embeds/${other.embedId}`],
    ] as const) {
      const answer = await mine.admin.inWorkspace<{ code: string }>(method, path);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await other.admin.document(other.document.id)).status).toBe('indexed');
  });

  it('R01 A28 and the application’s own login sees no row of any tenant table without a workspace', async () => {
    const tables = await stack.inspect<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind = 'r' and c.relrowsecurity order by 1`,
    );
    // The embedded database lets nobody else in; there the integration tests of libs/database say the same.
    if (!tables) return;
    const counts = tables
      .map(({ name }) => `select '${name}' as name, count(*)::int as rows from ${name}`)
      .join(' union all ');
    const filled = (await stack.inspect<{ name: string; rows: number }>(counts))?.filter(({ rows }) => rows > 0);
    expect(filled?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['chunks', 'documents', 'messages', 'users']),
    );
    const seen = await stack.inspectAsApplication<{ name: string; rows: number }>(counts);
    expect(seen).toEqual(tables.map(({ name }) => ({ name, rows: 0 })));
  });

  it('and without a token every one of these is refused', async () => {
    const { mine } = pair(0);
    const answer = await call<{ code: string }>(stack.url, 'GET', `/v1/workspaces/${mine.admin.workspaceId}/documents`);
    expect([answer.status, answer.body.code]).toEqual([401, 'auth.required']);
  });
});
