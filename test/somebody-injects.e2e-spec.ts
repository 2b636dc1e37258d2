import { Admin, type Answer } from './support/admin';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { describeStack, type Stack } from './support/stack';

interface EmbedView {
  id: string;
  name: string;
}

const AT_ONCE = 8;
const MAX_NAME_CHARACTERS = 100;
/** Every nth of the long lists: the parser that would fall for one would fall for its neighbours. */
const EVERY_NTH = { sqli: 2, xss: 20 };

const payloads = (file: string): string[] =>
  corpusFile(`attack/text/${file}.jsonl`)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { payload: string }).payload); // each line of a corpus has one

/** What the rules of a name allow: its length after trimming, no control characters, no half characters. */
const isName = (text: string): boolean =>
  text.trim().length > 0 &&
  [...text.trim()].length <= MAX_NAME_CHARACTERS &&
  !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Surrogate}/u.test(text);

describeWithCorpus('Somebody writes SQL and scripts where names belong', () => {
  describeStack('and', (start) => {
    let stack: Stack;
    let admin: Admin;

    beforeAll(async () => {
      stack = await start();
      admin = await Admin.register(stack.url);
    }, 120_000);
    afterAll(() => stack?.stop());

    const inBatches = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
      const results: R[] = [];
      for (let index = 0; index < items.length; index += AT_ONCE)
        results.push(...(await Promise.all(items.slice(index, index + AT_ONCE).map(work))));
      return results;
    };
    const create = (name: string): Promise<Answer<{ embed: EmbedView }>> =>
      admin.inWorkspace('POST', '/embeds', { name, allowedOrigins: [] });

    it.each([
      [
        'A27 SQL',
        () => [...payloads('sqli').filter((_, index) => index % EVERY_NTH.sqli === 0), ...payloads('naughty')],
      ],
      ['B48 scripts and markup', () => payloads('xss').filter((_, index) => index % EVERY_NTH.xss === 0)],
    ])(
      '%s is stored and given back letter by letter, or refused as too long',
      async (_, listed) => {
        const texts = [...new Set(listed())];
        const answers = await inBatches(texts, async (text) => ({ text, answer: await create(text) }));
        const unexpected = answers.filter(({ text, answer }) => answer.status !== (isName(text) ? 201 : 400));
        expect(unexpected.map(({ text, answer }) => [text, answer.status])).toEqual([]);
        const made = answers.filter(({ answer }) => answer.status === 201);
        expect(made.length).toBeGreaterThan(texts.length / 3);
        const read = await inBatches(made, ({ answer }) =>
          admin.inWorkspace<EmbedView>('GET', `/embeds/${answer.body.embed.id}`),
        );
        expect(read.map(({ body }) => body.name)).toEqual(made.map(({ text }) => text.trim()));
        expect(new Set(read.map(({ headers }) => headers.get('content-type')?.split(';')[0]))).toEqual(
          new Set(['application/json']),
        );
      },
      240_000,
    );

    it('A27 SQL in a path, a query or a cursor is no such thing and no error of the database', async () => {
      const texts = payloads('sqli').filter((_, index) => index % 5 === 0);
      const answers = await inBatches(texts, async (text) => {
        const word = encodeURIComponent(text);
        const paths = [`/documents/${word}`, `/embeds?cursor=${word}`, `/audit-events?action=${word}&limit=${word}`];
        return Promise.all(paths.map((path) => admin.inWorkspace('GET', path)));
      });
      const statuses = new Set(answers.flat().map(({ status }) => status));
      expect([...statuses].filter((status) => ![400, 404, 413].includes(status))).toEqual([]); // 413: a long address
    }, 120_000);
  });
});
