import { LocalEmbeddings, NoEmbeddings } from '@app/ai';
import type { Tx } from '@app/database';
import { describeDatabases, type TestDatabase } from '@app/database/testing';
import { FakeEmbeddings } from '@app/ai/testing';
import { systemContext, newId, type WorkspaceContext } from '@app/kernel';
import { HybridPassageSearch } from './hybrid-passage-search';
import { IndexCache } from './index/index-cache';
import { KnowledgeReader } from './knowledge-reader';
import { describePassageSearch } from './testing/describe-passage-search';
import { TestKnowledge } from './testing/test-knowledge';

const local = new LocalEmbeddings();
afterAll(() => local.onModuleDestroy());

describeDatabases('HybridPassageSearch', (create, kind) => {
  let database: TestDatabase;
  let knowledge: TestKnowledge;
  let search: HybridPassageSearch;
  let reader: KnowledgeReader;

  beforeAll(async () => {
    database = await create();
    knowledge = new TestKnowledge(database.db, local);
    reader = new KnowledgeReader(database.db);
    search = new HybridPassageSearch(reader, new IndexCache(reader), local);
  });
  afterAll(() => database.close());

  const ask = async (ctx: WorkspaceContext, text: string): ReturnType<HybridPassageSearch['search']> =>
    search.search(ctx, { text, limit: 5 });
  const firstText = async (ctx: WorkspaceContext, text: string): Promise<string | undefined> =>
    (await ask(ctx, text)).passages[0]?.text;

  describePassageSearch('HybridPassageSearch', () => ({
    search,
    async know(texts) {
      const ctx = await knowledge.createWorkspace();
      for (const text of texts) await knowledge.addDocument(ctx, { texts: [text] });
      return ctx.workspaceId;
    },
  }));

  it('finds an answer in other words than the question’s', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, {
      texts: ['Refunds are paid to your card within five days.', 'The bar sells popcorn.'],
    });
    await expect(firstText(ctx, 'When will I get my money back?')).resolves.toBe(
      'Refunds are paid to your card within five days.',
    );
  });

  it('sees a document that was added, changed or deleted after the last search', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, { texts: ['Parking costs two euros.'] });
    await ask(ctx, 'parking');
    const refunds = await knowledge.addDocument(ctx, { title: 'Old title', texts: ['Refunds take five days.'] });
    await expect(firstText(ctx, 'How long do refunds take?')).resolves.toBe('Refunds take five days.');
    await knowledge.rename(ctx, refunds, 'New title');
    expect((await ask(ctx, 'How long do refunds take?')).passages[0]?.documentTitle).toBe('New title');
    await knowledge.removeDocument(ctx, refunds);
    const texts = (await ask(ctx, 'How long do refunds take?')).passages.map(({ text }) => text);
    expect(texts).not.toContain('Refunds take five days.');
  });

  it('is answered from the old text or the new one while a document is replaced, and never from nothing', async () => {
    const ctx = await knowledge.createWorkspace();
    const old = await knowledge.addDocument(ctx, { texts: ['Refunds take five days.'] });
    let replacement: Promise<unknown> = Promise.resolve();
    /** Has the document replaced when a search has just learned how new its index must be. */
    class ReplacedMeanwhile extends KnowledgeReader {
      override async version(tx: Tx, inside: WorkspaceContext): Promise<string> {
        const version = await super.version(tx, inside);
        if (version !== '1') return version;
        replacement = knowledge.addDocument(ctx, { texts: ['Refunds take nine days.'] }, old);
        // The embedded database makes it wait, a server does it at once.
        if (kind === 'postgres') await replacement;
        return version;
      }
    }
    const replaced = new ReplacedMeanwhile(database.db);
    const indexes = new IndexCache(reader);
    await indexes.refresh(ctx, local.model);
    const during = new HybridPassageSearch(replaced, indexes, local);
    const ask = async () => (await during.search(ctx, { text: 'How long do refunds take?', limit: 5 })).passages;
    expect((await ask()).map(({ text }) => text)).toEqual(['Refunds take five days.']);
    await replacement;
    expect((await ask()).map(({ text }) => text)).toEqual(['Refunds take nine days.']);
  });

  it('says which web page a passage is from, where it is from one', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, { texts: ['Parking costs two euros.'], url: 'https://www.example.com/parking' });
    await knowledge.addDocument(ctx, { texts: ['Refunds take five days.'] });
    expect((await ask(ctx, 'What does parking cost?')).passages[0]?.url).toBe('https://www.example.com/parking');
    expect((await ask(ctx, 'How long do refunds take?')).passages[0]).not.toHaveProperty('url');
  });

  it('does not see a document before it is indexed', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, { texts: ['Refunds take five days.'], status: 'embedding' });
    await expect(ask(ctx, 'How long do refunds take?')).resolves.toMatchObject({ passages: [] });
  });

  it('never shows one workspace what another one knows, even under load', async () => {
    const workspaces = await Promise.all(Array.from({ length: 4 }, () => knowledge.createWorkspace()));
    const secret = ({ workspaceId }: WorkspaceContext): string =>
      `The secret code of the refund desk is ${workspaceId}.`;
    for (const ctx of workspaces) await knowledge.addDocument(ctx, { texts: [secret(ctx)] });
    const asked = Array.from({ length: 40 }, (_, i) => workspaces[i % workspaces.length] ?? systemContext(newId()));
    const results = await Promise.all(asked.map((ctx) => ask(ctx, 'What is the secret code of the refund desk?')));
    for (const [i, { passages }] of results.entries()) {
      expect(passages.map(({ text }) => text)).toEqual([secret(asked[i] ?? systemContext(newId()))]);
    }
  });

  it('finds nothing in a workspace that does not exist', async () => {
    await expect(ask(systemContext(newId()), 'refund')).resolves.toMatchObject({ passages: [], isAnswerable: false });
  });

  it('searches other languages by their own words', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, {
      language: 'de',
      texts: ['Erstattungen dauern fünf Werktage.', 'Das Kino hat sechs Säle.'],
    });
    await knowledge.addDocument(ctx, { language: 'zh', texts: ['退款需要五个工作日。', '电影院有六个放映厅。'] });
    await expect(firstText(ctx, 'Wie lange dauert die Erstattung?')).resolves.toMatch(/^Erstattungen/);
    await expect(firstText(ctx, '退款要多久？')).resolves.toMatch(/^退款/);
  });

  it('tells how each leg ranked a passage', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, { texts: ['Refunds take five days.', 'The bar sells popcorn.'] });
    const [first] = (await ask(ctx, 'How long do refunds take?')).passages;
    expect(first?.legs).toMatchObject({ lexical: { rank: 1 }, dense: { rank: 1 } });
  });

  it('searches words alone without a model', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, { texts: ['Refunds take five days.', 'The bar sells popcorn.'] });
    const lexical = new HybridPassageSearch(reader, new IndexCache(reader), new NoEmbeddings());
    const { passages, isAnswerable } = await lexical.search(ctx, { text: 'How long do refunds take?', limit: 5 });
    expect(passages.map(({ text, legs }) => [text, legs.dense])).toEqual([['Refunds take five days.', undefined]]);
    expect(isAnswerable).toBe(true);
  });

  it('never compares vectors of another model', async () => {
    const ctx = await knowledge.createWorkspace();
    await new TestKnowledge(database.db, new FakeEmbeddings()).addDocument(ctx, { texts: ['Refunds take five days.'] });
    const [first] = (await ask(ctx, 'How long do refunds take?')).passages;
    expect(first?.legs.dense).toBeUndefined();
  });

  it('reads a workspace once for questions that come together', async () => {
    const ctx = await knowledge.createWorkspace();
    await knowledge.addDocument(ctx, { texts: ['Refunds take five days.'] });
    const counting = new CountingReader(database.db);
    const fresh = new HybridPassageSearch(counting, new IndexCache(counting), local);
    await Promise.all(Array.from({ length: 10 }, () => fresh.search(ctx, { text: 'refunds', limit: 1 })));
    expect(counting.reads).toBe(1);
  });

  it('lets go of the workspaces that were not asked for longest when memory runs out', async () => {
    const indexes = new IndexCache(reader, 1);
    const tight = new HybridPassageSearch(reader, indexes, local);
    const [first, second] = [await knowledge.createWorkspace(), await knowledge.createWorkspace()];
    for (const ctx of [first, second]) await knowledge.addDocument(ctx, { texts: ['Refunds take five days.'] });
    for (const ctx of [first, second]) await tight.search(ctx, { text: 'refunds', limit: 1 });
    expect(indexes.workspaceIds).toEqual([second.workspaceId]);
    await expect(tight.search(first, { text: 'refunds', limit: 1 })).resolves.toMatchObject({
      passages: [{ text: 'Refunds take five days.' }],
    });
  });
});

class CountingReader extends KnowledgeReader {
  reads = 0;

  override async indexedPassages(
    ...parameters: Parameters<KnowledgeReader['indexedPassages']>
  ): ReturnType<KnowledgeReader['indexedPassages']> {
    this.reads += 1;
    return super.indexedPassages(...parameters);
  }
}
