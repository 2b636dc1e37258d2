import { wordingHash } from '@app/ai';
import { describeDatabase } from '@app/database/testing';
import type { WorkspaceContext } from '@app/kernel';
import { IngestionPipeline } from '../pipeline/ingestion.pipeline';
import { DocumentQuota } from '../quota/document-quota';
import { DocumentsApp } from '../testing/documents-app';
import { type CreateSnippetDto, type SnippetView, toSnippetView } from './snippets.dto';
import { MAX_SNIPPETS, Snippets } from './snippets.service';

const REFUND: CreateSnippetDto = {
  question: 'How do I get my money back?',
  alternatives: ['Where is my refund?'],
  answer: 'Refunds take **five working days**. See [the rules](https://shop.example.com/rules).',
};

describeDatabase('Snippets', (create) => {
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  let snippets: Snippets;

  beforeAll(async () => {
    const env = { QUOTA_DOCUMENTS: '1' };
    app = await DocumentsApp.start(create, { hasWorker: false, parsesHere: true, env });
    snippets = app.app.get(Snippets);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    ctx = await app.addWorkspace();
  });

  const add = async (input: Partial<CreateSnippetDto> = {}, as = ctx): Promise<SnippetView> =>
    toSnippetView(await snippets.create(as, { ...REFUND, ...input }));
  const ingest = (documentId: string, version: number): Promise<void> =>
    app.app
      .get(IngestionPipeline)
      .run({ workspaceId: ctx.workspaceId, documentId, version }, new AbortController().signal);
  const send = (method: string, path = '', body?: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${app.url}/v1/workspaces/${ctx.workspaceId}/snippets${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: body && JSON.stringify(body),
    });
  /** What is answered from, as the search reads it. */
  const live = (): Promise<object[]> =>
    app.database.inspect(
      `select d.title, c.heading_path as path, c.text, c.language, v.vector is not null as "hasVector"
       from chunks c join documents d on d.id = c.document_id and d.live_version = c.version
       left join chunk_vectors v on v.chunk_id = c.id where c.workspace_id = $1 order by c.document_id, c.ordinal`,
      [ctx.workspaceId],
    );
  const knowledgeVersion = async (): Promise<number> => {
    const sql = 'select version::int as version from knowledge_versions where workspace_id = $1';
    return (await app.database.inspect<{ version: number }>(sql, [ctx.workspaceId]))[0]?.version ?? 0;
  };
  const canned = async (): Promise<string[]> => {
    const sql = `select encode(wording_hash, 'hex') as hash from canned_wordings where workspace_id = $1 order by hash`;
    return (await app.database.inspect<{ hash: string }>(sql, [ctx.workspaceId])).map(({ hash }) => hash);
  };
  const hashes = (...texts: string[]): string[] => texts.map((text) => wordingHash(text).toString('hex')).sort();
  const outcomes = async (tries: Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(tries)).map(
      (result) => (result.status === 'fulfilled' ? 'ok' : String((result.reason as { code: string }).code)), // an AppError
    );

  it('are found by their words from the answer on, and by their meaning once embedded, with readers told', async () => {
    const { id, status } = await add();
    expect(status).toBe('embedding');
    const passage = { title: REFUND.question, path: [REFUND.question], text: REFUND.answer, language: 'en' };
    expect(await live()).toEqual([{ ...passage, hasVector: false }]);
    const before = await knowledgeVersion();
    await ingest(id, 1);
    expect(await live()).toEqual([{ ...passage, hasVector: true }]);
    expect(await knowledgeVersion()).toBeGreaterThan(before);
    expect(toSnippetView(await snippets.get(ctx, id))).toMatchObject({
      status: 'indexed',
      errorCode: null,
      version: 1,
    });
  });

  it('are embedded under all their wordings', async () => {
    const { id } = await add();
    const embed = jest.spyOn(app.embeddings, 'embed');
    await ingest(id, 1);
    const texts = embed.mock.calls.flatMap(([texts]) => texts);
    embed.mockRestore();
    expect(texts[0]).toBe([REFUND.question, ...(REFUND.alternatives ?? []), REFUND.answer].join('\n'));
  });

  it('are taken up again when the process died before they were embedded', async () => {
    const { id } = await add();
    const waiting = await app.database.systemDb.listUnfinishedVersions();
    expect(waiting).toContainEqual(expect.objectContaining({ documentId: id, version: 1 }));
  });

  it('change at once, and what was said before is never found again', async () => {
    const { id } = await add();
    await ingest(id, 1);
    const changed = toSnippetView(await snippets.update(ctx, id, { answer: 'Refunds take nine days.' }));
    expect(changed).toMatchObject({ version: 2, question: REFUND.question, alternatives: REFUND.alternatives });
    expect(await live()).toEqual([expect.objectContaining({ text: 'Refunds take nine days.' })]);
    await ingest(id, 1);
    await ingest(id, 2);
    expect(await live()).toEqual([expect.objectContaining({ text: 'Refunds take nine days.', hasVector: true })]);
    const back = toSnippetView(await snippets.update(ctx, id, { answer: REFUND.answer }));
    expect(back.version).toBe(3);
    expect(toSnippetView(await snippets.update(ctx, id, { answer: REFUND.answer }))).toEqual(back);
  });

  it('go at once, with everything that was made of them', async () => {
    const { id } = await add({ isCanned: true });
    const before = await knowledgeVersion();
    await snippets.remove(ctx, id);
    expect([await live(), await canned()]).toEqual([[], []]);
    expect(await knowledgeVersion()).toBe(before + 1);
    await expect(snippets.get(ctx, id)).rejects.toMatchObject({ code: 'snippet.not-found' });
    await expect(snippets.remove(ctx, id)).rejects.toMatchObject({ code: 'snippet.not-found' });
    await ingest(id, 1); // its job comes too late
    expect(await live()).toEqual([]);
  });

  it('are no documents to those who ask for documents, and take none of their room', async () => {
    const { id } = await add();
    await ingest(id, 1);
    expect(await app.app.get(DocumentQuota).used(ctx)).toEqual({ documents: 0, bytes: 0 });
    const file = { fileName: 'a.txt', mediaType: '', bytes: Buffer.from('Tea is served at four.') };
    const { document } = await app.documents.upload(ctx, file); // the one the quota allows
    const listed = (await (await app.fetch(ctx, '')).json()) as { items: { id: string }[] };
    expect(listed.items.map((item) => item.id)).toEqual([document.id]);
    for (const path of ['', '/content', '/chunks', '/versions', '/versions/1/content', '/events']) {
      expect([path, (await app.fetch(ctx, `/${id}${path}`)).status]).toEqual([path, 404]);
    }
    for (const path of ['/retry', '/cancel', '/rollback', '/rescan', '/release']) {
      expect([path, (await app.fetch(ctx, `/${id}${path}`, { method: 'POST' })).status]).toEqual([path, 404]);
    }
    expect((await app.fetch(ctx, `/${id}`, { method: 'DELETE' })).status).toBe(404);
    await expect(snippets.get(ctx, document.id)).rejects.toMatchObject({ code: 'snippet.not-found' });
    await expect(snippets.remove(ctx, document.id)).rejects.toMatchObject({ code: 'snippet.not-found' });
    expect((await snippets.list(ctx, { limit: 10 })).items.map((item) => item.id)).toEqual([id]);
  });

  it('claim their wordings while they are canned, and no longer', async () => {
    const { id } = await add({ isCanned: true, alternatives: ['where is MY refund', 'Where is my refund?'] });
    expect(await canned()).toEqual(hashes('How do I get my money back', 'Where is my refund'));
    await snippets.update(ctx, id, { alternatives: [], question: 'Who pays?' });
    expect(await canned()).toEqual(hashes('who pays'));
    await snippets.update(ctx, id, { isCanned: false });
    expect(await canned()).toEqual([]);
  });

  it('are refused a wording that another canned one has, by its name, also at the same moment', async () => {
    const { id } = await add({ isCanned: true });
    const taken = { code: 'snippet.wording-taken', options: { existingId: id, detail: REFUND.question } };
    await expect(
      add({ isCanned: true, question: 'Other?', alternatives: ['WHERE is my refund!'] }),
    ).rejects.toMatchObject(taken);
    const other = await add({ question: 'Other?' }); // one that is not canned may have it
    await expect(snippets.update(ctx, other.id, { isCanned: true })).rejects.toMatchObject(taken);
    expect(toSnippetView(await snippets.get(ctx, other.id))).toMatchObject({ isCanned: false, version: 1 });
    const ids = (await snippets.list(ctx, { limit: 10 })).items.map((item) => item.id);
    expect(ids).toEqual([other.id, id]);
    const racing = Array.from({ length: 6 }, (_, n) =>
      add({ isCanned: true, question: 'Race?', alternatives: [`n ${n}`] }),
    );
    expect((await outcomes(racing)).sort()).toEqual(['ok', ...Array<string>(5).fill('snippet.wording-taken')]);
    const theirs = await app.addWorkspace();
    expect(await outcomes([add({ isCanned: true }, theirs)])).toEqual(['ok']);
  });

  it('are as many as a workspace may have', async () => {
    await app.database.inspect(
      `with d as (insert into documents (workspace_id, id, title, kind)
         select $1, gen_random_uuid(), 'x', 'snippet' from generate_series(1, $2::int) returning id)
       insert into snippets (workspace_id, id, question, answer) select $1, id, 'x', 'x' from d`,
      [ctx.workspaceId, MAX_SNIPPETS - 1],
    );
    const tries = [1, 2, 3].map((n) => add({ question: `Question ${n}?` }));
    expect((await outcomes(tries)).sort()).toEqual(['ok', 'snippet.too-many', 'snippet.too-many']);
  });

  it('are made once for one Idempotency-Key, and changed by one of two editors', async () => {
    const key = { 'idempotency-key': ctx.workspaceId };
    const [first, second] = [await send('POST', '', REFUND, key), await send('POST', '', REFUND, key)];
    const { id } = (await first.json()) as SnippetView;
    expect([first.status, second.status, ((await second.json()) as SnippetView).id]).toEqual([201, 201, id]);
    const etag = (await send('GET', `/${id}`)).headers.get('etag') ?? '';
    const change = (text: string) => send('PUT', `/${id}`, { answer: text }, { 'if-match': etag });
    const [mine, yours] = [await change('Mine.'), await change('Yours.')];
    expect([mine.status, yours.status]).toEqual([200, 412]);
    expect(mine.headers.get('etag')).not.toBe(etag);
    expect(await (await send('GET', `/${id}`)).json()).toMatchObject({ answer: 'Mine.', version: 2 });
  });

  it.each([
    ['a short question', { question: 'Hm' }],
    ['a long question', { question: 'a'.repeat(301) }],
    ['a question nobody can see', { question: '\u200b\u200b\u200b' }],
    ['a control character', { answer: 'Bell \u0007' }],
    ['a long answer', { answer: 'a'.repeat(4_001) }],
    ['too many wordings', { alternatives: Array.from({ length: 21 }, (_, n) => `wording ${n}`) }],
    ['no language', { language: 'deutsch' }],
    ['an unknown field', { kind: 'file' }],
  ])('are refused with %s', async (_name, change) => {
    const answer = await send('POST', '', { ...REFUND, ...change });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'request.invalid']);
  });

  it('keep an answer as it was written, and put wordings on one line', async () => {
    const answer = '# Title\n\n- *one*\n- two <b>\n\n\tcode';
    const made = await add({
      question: 'How\n do  I\u200b?',
      alternatives: ['a\nb c', 'A b C!'],
      answer,
      language: 'fr',
    });
    expect(made).toMatchObject({ question: 'How do I?', alternatives: ['A b C!'], answer, language: 'fr' });
    expect(await live()).toEqual([expect.objectContaining({ language: 'fr' })]);
  });

  it('without a word in the answer can be canned, and are not searched', async () => {
    const { id } = await add({ answer: '👍', isCanned: true });
    await ingest(id, 1);
    expect(await live()).toEqual([]);
    expect(toSnippetView(await snippets.get(ctx, id)).status).toBe('indexed');
  });

  it('are another company’s for nobody, and each change is on the record without its texts', async () => {
    const { id } = await add({ isCanned: true });
    await snippets.update(ctx, id, { answer: 'Other.' });
    const theirs = await app.addWorkspace();
    const notFound = { code: 'snippet.not-found' };
    await expect(snippets.get(theirs, id)).rejects.toMatchObject(notFound);
    await expect(snippets.update(theirs, id, {})).rejects.toMatchObject(notFound);
    await expect(snippets.remove(theirs, id)).rejects.toMatchObject(notFound);
    expect((await snippets.list(theirs, { limit: 10 })).items).toEqual([]);
    await snippets.remove(ctx, id);
    const events = await app.database.inspect<{ action: string; data: object }>(
      'select action, data from audit_events where workspace_id = $1 order by id',
      [ctx.workspaceId],
    );
    expect(events).toEqual([
      { action: 'snippet.created', data: { snippetId: id, isCanned: true } },
      { action: 'snippet.updated', data: { snippetId: id, version: 2, changed: ['answer'] } },
      { action: 'snippet.deleted', data: { snippetId: id } },
    ]);
  });
});
