import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describeDatabases } from '@app/database/testing';
import type { Problem, WorkspaceContext } from '@app/kernel';
import type { DocumentsPage, DocumentView } from './documents.dto';
import { DocumentsApp } from './testing/documents-app';
import { eicar } from './testing/eicar';
import { NO_PAGE, writeDamagedPdf } from './testing/write-damaged-pdf';

const MAX = 10 * 1024 * 1024;
const form = (fileName: string, content: string | Buffer, type = '', field = 'file'): FormData => {
  const body = new FormData();
  body.append(field, new Blob([new Uint8Array(Buffer.from(content))], { type }), fileName);
  return body;
};

describeDatabases('Documents over HTTP', (create) => {
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  const post = (body: FormData) => app.fetch(ctx, '', { method: 'POST', body });
  const upload = async (fileName: string, content: string | Buffer, type?: string): Promise<DocumentView> =>
    (await post(form(fileName, content, type))).json() as Promise<DocumentView>; // asserted on by the tests
  const problem = async (answer: Response): Promise<[number, string]> => [
    answer.status,
    ((await answer.json()) as Problem).code,
  ];
  const indexed = async (id: string): Promise<DocumentView> => {
    await app.queue.whenIdle();
    return (await app.fetch(ctx, `/${id}`)).json() as Promise<DocumentView>; // asserted on by the tests
  };

  beforeAll(async () => {
    app = await DocumentsApp.start(create, { env: { LIMIT_REQUESTS_PER_MINUTE: '100000' } });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    ctx = await app.addWorkspace();
  });

  it('takes a file, says where it is, and reads it', async () => {
    const answer = await post(form('Größe & Preis.md', '# Sizes\n\nWe have all sizes.', 'text/markdown'));
    expect(answer.status).toBe(202);
    const view = (await answer.json()) as DocumentView; // asserted on below
    expect(answer.headers.get('location')).toBe(`/v1/workspaces/${ctx.workspaceId}/documents/${view.id}`);
    expect(view).toMatchObject({ fileName: 'Größe & Preis.md', status: 'uploaded', byteSize: 27, version: 1 });
    expect(view.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await indexed(view.id)).toMatchObject({ status: 'indexed', title: 'Sizes' });
  });

  it('gives the file back as a download, byte by byte, and never as a page', async () => {
    const page = '<script>alert(1)</script><p>Prices';
    const { id } = await upload('../"Größe".html', page);
    await indexed(id);
    const answer = await app.fetch(ctx, `/${id}/content`);
    expect(await answer.text()).toBe(page);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': `attachment; filename="_Gr__e_.html"; filename*=UTF-8''_Gr%C3%B6%C3%9Fe_.html`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });

  it('lists the newest first, page by page', async () => {
    for (const name of ['a', 'b', 'c']) await upload(`${name}.txt`, `Text of ${name}`);
    const first = (await (await app.fetch(ctx, '?limit=2')).json()) as DocumentsPage; // asserted on below
    expect(first.items.map(({ fileName }) => fileName)).toEqual(['c.txt', 'b.txt']);
    const second = (await (await app.fetch(ctx, `?limit=2&cursor=${first.nextCursor}`)).json()) as DocumentsPage; // same
    expect(second).toMatchObject({ items: [{ fileName: 'a.txt' }], nextCursor: null });
  });

  it('tells its progress as events, until it has ended', async () => {
    const { id } = await upload('a.md', '# Sizes\n\nWe have all sizes.');
    const answer = await app.fetch(ctx, `/${id}/events`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = (await answer.text()).split('\n\n').filter((event) => event.includes('event:'));
    const statuses = events.map((event) => /"status":"(\w+)"/.exec(event)?.[1]);
    expect(statuses.at(-2)).toBe('indexed');
    expect(events.at(-1)).toMatch(/^event: end$/m);
    expect(events[0]).toMatch(/^event: progress$/m);
    expect(await problem(await app.fetch(ctx, '/018f0000-0000-7000-8000-000000000000/events'))).toEqual([
      404,
      'document.not-found',
    ]);
  });

  it('deletes, and then knows nothing of it', async () => {
    const { id } = await upload('a.md', '# Sizes');
    expect((await app.fetch(ctx, `/${id}`, { method: 'DELETE' })).status).toBe(204);
    for (const path of [`/${id}`, `/${id}/content`, `/${id}/events`]) {
      expect(await problem(await app.fetch(ctx, path))).toEqual([404, 'document.not-found']);
    }
    expect(await problem(await app.fetch(ctx, `/${id}/retry`, { method: 'POST' }))).toEqual([
      404,
      'document.not-found',
    ]);
  });

  it('retries what has failed', async () => {
    const { id } = await upload('a.html', '<script>x</script>');
    expect(await indexed(id)).toMatchObject({ status: 'failed', errorCode: 'document.no-text' });
    const answer = await app.fetch(ctx, `/${id}/retry`, { method: 'POST' });
    expect([answer.status, ((await answer.json()) as DocumentView).status]).toEqual([202, 'uploaded']);
    expect(await indexed(id)).toMatchObject({ status: 'failed' });
  });

  it('says which pages it could not read, once, however often it reads the others', async () => {
    const { id } = await upload('a.pdf', await writeDamagedPdf(['Refunds take a week.', NO_PAGE, '', 'Ask by mail.']));
    const notices = [
      { part: 'page', number: 2, code: 'part.unreadable', title: expect.stringContaining('repair the file') },
      { part: 'page', number: 3, code: 'part.no-text', title: expect.stringContaining('OCR') },
    ];
    expect(await indexed(id)).toMatchObject({ status: 'indexed', pageCount: 4, noticeCount: 2, notices });
    await app.database.inspect(`update document_versions set status = 'failed' where document_id = $1`, [id]);
    expect((await app.fetch(ctx, `/${id}/retry`, { method: 'POST' })).status).toBe(202);
    expect(await indexed(id)).toMatchObject({ status: 'indexed', noticeCount: 2, notices });
    const versions = await (await app.fetch(ctx, `/${id}/versions`)).json();
    expect(versions).toMatchObject({ items: [{ noticeCount: 2, notices }] });
    const { items } = (await (await app.fetch(ctx, '')).json()) as DocumentsPage; // asserted on below
    expect(items).toEqual([expect.objectContaining({ id, noticeCount: 2 })]);
    expect(items[0]).not.toHaveProperty('notices');
  });

  it('names the document that has the same bytes', async () => {
    const { id } = await upload('a.md', '# Sizes');
    const again = await post(form('b.md', '# Sizes'));
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'document.duplicate', existingId: id }]);
  });

  it.each<[string, () => FormData, number, string]>([
    ['no file', () => form('a.md', '# x', '', 'other'), 400, 'document.file-missing'],
    ['a field instead of a file', () => new URLSearchForm({ file: 'text' }), 400, 'document.file-missing'],
    ['two files', () => merge(form('a.md', '# x'), form('b.md', '# y')), 400, 'document.file-missing'],
    ['a hundred fields', () => merge(manyFields(100), form('a.md', '# x')), 400, 'request.invalid'],
    [
      'a large field',
      () => merge(form('a.md', '# x'), new URLSearchForm({ note: 'x'.repeat(2000) })),
      400,
      'request.invalid',
    ],
    ['a test virus', () => form('a.txt', eicar()), 422, 'document.infected'],
    ['an unknown kind', () => form('a.exe', 'MZ'), 415, 'document.type-unsupported'],
    ['another type than declared', () => form('a.md', '# x', 'application/pdf'), 415, 'document.type-mismatch'],
    ['no bytes', () => form('a.md', ''), 400, 'document.empty'],
    ['one byte too many', () => form('a.txt', Buffer.alloc(MAX + 1, 'a ')), 413, 'document.too-large'],
    ['twice as many', () => form('a.txt', Buffer.alloc(2 * MAX, 'a ')), 413, 'document.too-large'],
  ])('refuses %s', async (_name, body, status, code) => {
    expect(await problem(await post(body()))).toEqual([status, code]);
  });

  it('takes exactly ten megabytes', async () => {
    const answer = await post(form('a.txt', Buffer.alloc(MAX, 'word and number 7. ')));
    expect(answer.status).toBe(202);
    const { id } = (await answer.json()) as DocumentView; // asserted on above
    expect((await app.fetch(ctx, `/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('refuses what is no form, and a form without an end', async () => {
    const json = await app.fetch(ctx, '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await problem(json)).toEqual([415, 'request.unsupported-media-type']);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const cut = await app.fetch(ctx, '', {
      method: 'POST',
      headers,
      body: '--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\ntext',
    });
    expect(await problem(cut)).toEqual([400, 'request.malformed']);
    const bare = await app.fetch(ctx, '', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    expect(await problem(bare)).toEqual([400, 'request.malformed']);
  });

  it('cuts off a body that never ends', async () => {
    const { port } = new URL(app.url);
    const request = httpRequest({
      port,
      method: 'POST',
      path: `/v1/workspaces/${ctx.workspaceId}/documents`,
      headers: { 'content-type': 'multipart/form-data; boundary=x', 'transfer-encoding': 'chunked' },
    });
    const closed = new Promise<void>((resolve) => request.once('close', resolve));
    request.on('error', () => undefined);
    const status = new Promise<number | undefined>((resolve) => {
      request.once('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
    });
    request.write('--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n');
    const piece = Buffer.alloc(256 * 1024, 'endless ');
    let isOpen = true;
    void closed.then(() => (isOpen = false));
    const pump = (async () => {
      while (isOpen) {
        request.write(piece);
        await pause(5);
      }
    })();
    expect(await status).toBe(413);
    await closed;
    await pump;
  });

  it('reads eight files at a time, four of one workspace, tells the next sender to wait, and takes files again', async () => {
    const { port } = new URL(app.url);
    const slowly = (of: WorkspaceContext, count: number) =>
      Array.from({ length: count }, () => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.write(
          `POST /v1/workspaces/${of.workspaceId}/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x\r\n`,
        );
        return socket;
      });
    const own = slowly(ctx, 4);
    await pause(300);
    const refused = await post(form('a.md', '# fifth'));
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await problem(refused)).toEqual([429, 'upload.busy']);
    const neighbour = await app.addWorkspace();
    const send = (of: WorkspaceContext, text: string) =>
      app.fetch(of, '', { method: 'POST', body: form('a.md', text) });
    expect((await send(neighbour, '# somebody else’s')).status).toBe(202);
    const others = slowly(neighbour, 4);
    await pause(300);
    expect(await problem(await send(await app.addWorkspace(), '# ninth'))).toEqual([429, 'upload.busy']);
    for (const socket of [...own, ...others]) socket.destroy();
    await pause(300);
    expect((await post(form('a.md', '# tenth'))).status).toBe(202);
  });

  it('forgets an upload whose sender goes away', async () => {
    const { port } = new URL(app.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /v1/workspaces/${ctx.workspaceId}/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.md"\r\n\r\n# half`,
    );
    await pause(100);
    socket.destroy();
    await pause(100);
    expect(((await (await app.fetch(ctx, '')).json()) as DocumentsPage).items).toEqual([]);
    expect((await post(form('a.md', '# whole'))).status).toBe(202);
  });
});

/** Fields of a form without files. */
class URLSearchForm extends FormData {
  constructor(fields: Record<string, string>) {
    super();
    for (const [name, value] of Object.entries(fields)) this.append(name, value);
  }
}

const manyFields = (count: number): FormData =>
  new URLSearchForm(Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${i}`, 'x'])));

function merge(...forms: FormData[]): FormData {
  const all = new FormData();
  for (const each of forms) for (const [name, value] of each.entries()) all.append(name, value);
  return all;
}
