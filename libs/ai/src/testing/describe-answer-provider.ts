import type { AnswerPart, AnswerProvider, AnswerRequest } from '../answer-provider';

/** A question whose answer stands in the first of two passages. */
export const answerableRequest = (overrides: Partial<AnswerRequest> = {}): AnswerRequest => ({
  question: 'How long does a refund take?',
  history: [],
  passages: [
    {
      id: 'chunk-1',
      documentId: 'document-1',
      documentTitle: 'Refunds',
      version: 1,
      headingPath: ['Payments'],
      language: 'en',
      text: 'A refund takes five working days. It is paid to the card that was used for the booking.',
      score: 0.9,
    },
    {
      id: 'chunk-2',
      documentId: 'document-2',
      documentTitle: 'Halls',
      version: 1,
      headingPath: [],
      language: 'en',
      text: 'The cinema has six halls. The largest seats 400 people.',
      score: 0.2,
    },
  ],
  maxOutputChars: 2_000,
  ...overrides,
});

export async function collect(
  parts: AsyncIterable<AnswerPart>,
): Promise<{ text: string; end: AnswerPart | undefined; parts: AnswerPart[] }> {
  const all: AnswerPart[] = [];
  for await (const part of parts) all.push(part);
  const text = all.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { text, end: all.at(-1), parts: all };
}

/** What every AnswerProvider promises. `create` is called once a test. */
export function describeAnswerProvider(name: string, create: () => AnswerProvider | Promise<AnswerProvider>): void {
  describe(`AnswerProvider: ${name}`, () => {
    let provider: AnswerProvider;
    beforeEach(async () => {
      provider = await create();
    });

    it('streams text, then exactly one end', async () => {
      const { parts, end } = await collect(provider.answer(answerableRequest(), new AbortController().signal));
      expect(end).toMatchObject({ type: 'end', reason: 'complete' });
      expect(parts.slice(0, -1).every((part) => part.type === 'text' && part.text.length > 0)).toBe(true);
      expect(parts.length).toBeGreaterThan(1);
    });

    it('cites the passage that holds the answer, by its number', async () => {
      const { text } = await collect(provider.answer(answerableRequest(), new AbortController().signal));
      expect(text).toMatch(/five working days.*\[1\]/s);
    });

    it('says that the passages do not answer when there are none', async () => {
      const { text, end } = await collect(
        provider.answer(answerableRequest({ passages: [] }), new AbortController().signal),
      );
      expect(text).toBe('');
      expect(end).toMatchObject({ type: 'end', reason: 'no-answer' });
    });

    it('never says more than it may', async () => {
      const { text, end } = await collect(
        provider.answer(answerableRequest({ maxOutputChars: 10 }), new AbortController().signal),
      );
      expect(text.length).toBeLessThanOrEqual(10);
      expect(end).toMatchObject({ type: 'end', reason: 'length' });
    });

    it('does not begin when the signal is aborted', async () => {
      const answer = collect(provider.answer(answerableRequest(), AbortSignal.abort(new Error('stopped'))));
      await expect(answer).rejects.toThrow('stopped');
    });

    it('stops in the middle when the signal aborts', async () => {
      const stop = new AbortController();
      const seen: AnswerPart[] = [];
      const answer = (async () => {
        for await (const part of provider.answer(answerableRequest(), stop.signal)) {
          seen.push(part);
          stop.abort(new Error('stopped'));
        }
      })();
      await expect(answer).rejects.toThrow('stopped');
      expect(seen).toHaveLength(1);
    });
  });
}
