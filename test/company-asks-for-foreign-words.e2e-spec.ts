import { Admin, call, type DocumentView } from './support/admin';
import { fiftyQuestions, type Secret } from './support/fifty-questions';
import { describeStacks, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://www.example.com';
const CANARY = 'OSPREY-6318';
const SENTENCE = `The warehouse code ${CANARY} opens the parcel locker behind the harbour office.`;
/** Passages of the big company beside the small one. */
const CROWD = 100_000;
const K = 10;

interface Found {
  passages: { documentId: string; text: string }[];
}

describeStacks('A company asks for another one’s words', (start) => {
  let stack: Stack;
  let mine: Admin;
  let theirs: Admin;
  let handbook: DocumentView;
  let visitor: Visitor;
  let secret: Secret;

  beforeAll(async () => {
    stack = await start({ LIMIT_MESSAGES_PER_MINUTE: '100000' }, { apiNodes: 2 });
    mine = await Admin.register(stack.url, 'Small company');
    theirs = await Admin.register(stack.url, 'Big company');
    handbook = await mine.uploadAndIndex('handbook.md', manual(14), 'text/markdown');
    const text = Buffer.from(`# Lockers\n\n${SENTENCE} Parcels go back within thirty days.\n`);
    const foreign = await theirs.uploadAndIndex('lockers.md', text, 'text/markdown');
    secret = { canary: CANARY, sentence: SENTENCE, documentId: foreign.id, workspaceId: theirs.workspaceId };
    const { embedKey } = await mine.createEmbed([SITE]);
    visitor = await Visitor.arrive(stack.url, embedKey, SITE);
  }, 180_000);

  afterAll(async () => {
    visitor?.leave();
    await stack?.stop();
  });

  const search = async (admin: Admin, query: string): Promise<Found['passages']> => {
    // Each node has an index of its own.
    const answer = await call<Found>(stack.nextUrl, 'POST', `/v1/workspaces/${admin.workspaceId}/search`, {
      body: { query, limit: K },
      token: admin.session.accessToken,
    });
    expect([query, answer.status]).toEqual([query, 200]);
    return answer.body.passages;
  };

  it('R06 while the other one finds it', async () => {
    for (const _ of stack.nodes) expect(JSON.stringify(await search(theirs, SENTENCE))).toContain(CANARY);
  });

  it('R06 and fifty ways of searching find only their own', async () => {
    const questions = fiftyQuestions(secret);
    expect(new Set(questions).size).toBe(50);
    for (const question of questions) {
      const passages = await search(mine, question);
      const documents = new Set(passages.map(({ documentId }) => documentId));
      expect([question, [...documents].filter((id) => id !== handbook.id)]).toEqual([question, []]);
      expect(JSON.stringify(passages)).not.toContain(CANARY);
    }
    for (const _ of stack.nodes) expect(await search(mine, SENTENCE)).toEqual(await search(mine, SENTENCE));
    const { body } = await mine.inWorkspace<{ items: unknown[] }>('GET', '/documents');
    expect(body.items).toHaveLength(1);
  }, 120_000);

  it('R06 and fifty ways of asking the assistant neither', async () => {
    for (const question of fiftyQuestions(secret)) {
      const { text, citations, suggestions } = await visitor.ask(question);
      const cited = citations.filter(({ documentId }) => documentId !== handbook.id);
      expect([question, cited]).toEqual([question, []]);
      expect(`${text} ${suggestions.join()}`).not.toContain(CANARY);
    }
    const said = visitor.deltas.map(({ text }) => text).join('');
    expect(said).not.toContain(CANARY);
  }, 240_000);

  it('R06 and beside a hundred thousand foreign passages it still finds all of its own', async () => {
    const before = await search(mine, 'When do parcels go back?');
    expect(before).toHaveLength(K);
    // The embedded database lets nobody else in, so there is no crowd there.
    if (!stack.server) return;
    const copied = await crowd(stack, secret, CROWD);
    expect(copied).toBe(CROWD);
    await theirs.uploadAndIndex('more.md', Buffer.from('# More\n\nThe crowd has come.\n'), 'text/markdown');
    expect(await search(mine, 'When do parcels go back?')).toEqual(before);
    expect(new Set(before.map(({ documentId }) => documentId))).toEqual(new Set([handbook.id]));
    const { id } = await mine.uploadAndIndex(
      'news.md',
      Buffer.from('# News\n\nThe walrus moved in.\n'),
      'text/markdown',
    );
    for (const _ of stack.nodes) expect(await search(mine, 'When do parcels go back?')).toHaveLength(K);
    for (const _ of stack.nodes) expect(JSON.stringify(await search(mine, 'Who moved in?'))).toContain('walrus');
    expect((await mine.inWorkspace('DELETE', `/documents/${id}`)).status).toBe(204);
    for (const _ of stack.nodes) expect(JSON.stringify(await search(mine, 'Who moved in?'))).not.toContain('walrus');
  }, 240_000);
});

/** As many sections as wanted, each long enough to be a passage of its own and about the same things. */
function manual(sections: number): Buffer {
  const sentences = Array.from(
    { length: 24 },
    (_, n) => `Rule ${n} says that parcels of kind ${n} go back to shelf ${n * 7} within ${n + 10} days.`,
  );
  const section = (n: number): string => `# Returns of season ${n}\n\nSeason ${n}. ${sentences.join(' ')}\n`;
  return Buffer.from(Array.from({ length: sections }, (_, n) => section(n)).join('\n'));
}

/** Adds passages to the big company's document, past the application. Resolves how many. */
async function crowd(stack: Stack, { documentId, workspaceId, sentence }: Secret, count: number): Promise<number> {
  const sql = `insert into chunks (workspace_id, id, document_id, version, ordinal, text)
    select $1, gen_random_uuid(), $2, 1, 1000 + n, 'When do parcels go back? ' || $3 || ' ' || n
    from generate_series(1, $4) n`;
  const parameters = [workspaceId, documentId, sentence, count];
  return (await stack.server?.asSuperuser(async (client) => (await client.query(sql, parameters)).rowCount)) ?? 0;
}
