import { describeDatabase } from '@app/database/testing';
import type { Problem, WorkspaceContext } from '@app/kernel';
import type { DocumentView } from '../documents.dto';
import { DocumentsApp } from '../testing/documents-app';
import type { DocumentChunksPage } from './document-chunks.dto';

const SECTIONS = Array.from(
  { length: 7 },
  (_, n) => `## Rule ${n}\n\n${`Rule ${n} says what is allowed. `.repeat(40)}`,
);
const RULES = `# House rules\n\n${SECTIONS.join('\n\n')}\n`;

describeDatabase('The chunks of a document', (create) => {
  let app: DocumentsApp;
  let ctx: WorkspaceContext;
  let documentId: string;

  beforeAll(async () => {
    app = await DocumentsApp.start(create);
    ctx = await app.addWorkspace();
    documentId = await upload('rules.md', RULES);
  });
  afterAll(() => app.close());

  async function upload(fileName: string, text: string): Promise<string> {
    const body = new FormData();
    body.append('file', new Blob([text]), fileName);
    const answer = await app.fetch(ctx, '', { method: 'POST', body });
    await app.queue.whenIdle();
    return ((await answer.json()) as DocumentView).id; // asserted on by the tests
  }
  const page = async (query: string, id = documentId): Promise<DocumentChunksPage> =>
    (await app.fetch(ctx, `/${id}/chunks${query}`)).json() as Promise<DocumentChunksPage>; // asserted on by the tests
  const refusal = async (path: string, of = ctx): Promise<[number, string]> => {
    const answer = await app.fetch(of, path);
    return [answer.status, ((await answer.json()) as Problem).code];
  };

  it('are listed in its order, page by page, under their headings', async () => {
    const all = await page('');
    expect(all.nextCursor).toBeNull();
    expect(all.items.length).toBeGreaterThanOrEqual(7);
    expect(all.items.map(({ ordinal }) => ordinal)).toEqual(all.items.map((_, index) => index));
    expect(all.items[0]).toMatchObject({ headingPath: ['House rules', 'Rule 0'], page: null });
    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: DocumentChunksPage = await page(`?limit=3${cursor && `&cursor=${cursor}`}`);
      paged.push(...next.items);
      cursor = next.nextCursor;
    }
    expect(paged).toEqual(all.items);
  });

  it('are none before it is indexed', async () => {
    await app.database.inspect(`update documents set live_version = null where id = $1`, [documentId]);
    expect(await page('')).toEqual({ items: [], nextCursor: null });
    await app.database.inspect(`update documents set live_version = 1 where id = $1`, [documentId]);
    expect((await page('')).items.length).toBeGreaterThan(0);
  });

  it('are none where no text was found', async () => {
    const empty = await upload('empty.html', '<script>x</script>');
    expect(await page('', empty)).toEqual({ items: [], nextCursor: null });
  });

  it('H12 are another company’s for nobody, and its place in the list leads nowhere', async () => {
    const other = await app.addWorkspace();
    expect(await refusal(`/${documentId}/chunks`, other)).toEqual([404, 'document.not-found']);
    const foreign = Buffer.from('018f0000-0000-7000-8000-000000000000').toString('base64url');
    expect(await page(`?cursor=${foreign}`)).toEqual({ items: [], nextCursor: null });
    expect(await refusal(`/${documentId}/chunks?cursor=bad`)).toEqual([400, 'request.invalid']);
    expect(await refusal(`/${documentId}/chunks?limit=101`)).toEqual([400, 'request.invalid']);
  });

  it('go with it', async () => {
    const id = await upload('short.txt', 'A short text about opening hours.');
    expect((await page('', id)).items).toHaveLength(1);
    await app.fetch(ctx, `/${id}`, { method: 'DELETE' });
    expect(await refusal(`/${id}/chunks`)).toEqual([404, 'document.not-found']);
  });
});
