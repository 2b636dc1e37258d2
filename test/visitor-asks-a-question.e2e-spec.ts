import { Admin } from './support/admin';
import { corpusFile, describeWithCorpus } from './support/corpus';
import { LIBRARY } from './support/library';
import { describeStacks, type Stack } from './support/stack';
import { Visitor } from './support/visitor';

const SITE = 'https://help.example.com';

describeWithCorpus('A visitor asks about uploaded documents', () => {
  describeStacks('over the socket', (start) => {
    let stack: Stack;
    let visitor: Visitor;
    const documents = new Map<string, string>();

    beforeAll(async () => {
      stack = await start();
      const admin = await Admin.register(stack.url);
      for (const { file, type } of LIBRARY) {
        const document = await admin.uploadAndIndex(file.split('/').at(-1) ?? file, corpusFile(file), type);
        documents.set(file, document.id);
      }
      const { embedKey } = await admin.createEmbed([SITE]);
      visitor = await Visitor.arrive(stack.url, embedKey, SITE);
    }, 180_000);

    afterAll(async () => {
      visitor?.leave();
      await stack?.stop();
    });

    it.each(LIBRARY)(
      'and gets the answer to "$question" with a citation of its document',
      async ({ file, question, known }) => {
        const end = await visitor.ask(question);
        expect(end.outcome).toBe('answered');
        const citation = end.citations.find(({ quote }) => quote.includes(known));
        expect(citation?.documentId ?? end).toBe(documents.get(file));
        const streamed = visitor.deltas.filter(({ answerId }) => answerId === end.answerId);
        expect(streamed.map(({ text }) => text).join('')).toBe(end.text);
        expect(streamed.length).toBeGreaterThan(1);
      },
    );

    it.each(['How do I bake sourdough bread at home?', 'What is the capital of Mongolia?'])(
      'and is told honestly that no document answers "%s"',
      async (question) => {
        const end = await visitor.ask(question);
        expect(end.outcome).toBe('refused');
        expect(end.citations).toEqual([]);
        expect(end.text).not.toBe('');
      },
    );

    it('and finds the whole conversation again in order, without gaps', async () => {
      const history = await visitor.history();
      expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
      expect(history.filter(({ author }) => author === 'visitor')).toHaveLength(5);
      expect(history.filter(({ author }) => author === 'assistant')).toHaveLength(5);
    });
  });
});
