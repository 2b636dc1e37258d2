import { systemContext } from '@app/kernel';
import type { PassageSearch } from '../passage-search';

export interface PassageSearchHarness {
  search: PassageSearch;
  /** Makes texts the whole knowledge of a new workspace, one document each; answers the workspace's id. */
  know(texts: readonly string[]): Promise<string>;
}

/** What every PassageSearch promises. */
export function describePassageSearch(
  name: string,
  create: () => Promise<PassageSearchHarness> | PassageSearchHarness,
): void {
  describe(`PassageSearch: ${name}`, () => {
    let harness: PassageSearchHarness;
    beforeAll(async () => {
      harness = await create();
    });

    const texts = [
      'A refund takes five working days.',
      'The largest hall seats four hundred people.',
      'Popcorn is sold at the bar.',
    ];
    const ask = async (workspaceId: string, text: string, limit = 5): ReturnType<PassageSearch['search']> =>
      harness.search.search(systemContext(workspaceId), { text, limit });

    it('finds the passage that answers', async () => {
      const { passages, isAnswerable } = await ask(await harness.know(texts), 'How long does a refund take?');
      expect(passages[0]?.text).toBe(texts[0]);
      expect(isAnswerable).toBe(true);
    });

    it('scores between 0 and 1, best first', async () => {
      const { passages, confidence } = await ask(await harness.know(texts), 'How long does a refund take?');
      const scores = passages.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      for (const score of [...scores, confidence]) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    });

    it('answers with as many passages as are wanted at most', async () => {
      const { passages } = await ask(await harness.know(texts), 'refund hall popcorn', 2);
      expect(passages).toHaveLength(2);
    });

    it('answers from the workspace that is asked alone', async () => {
      const mine = await harness.know(['A refund takes five working days.']);
      await harness.know(['A refund takes ninety secret days.']);
      const { passages } = await ask(mine, 'How long does a refund take?');
      expect(passages.map(({ text }) => text)).toEqual(['A refund takes five working days.']);
    });

    it('cannot answer where nothing is known', async () => {
      await expect(ask(await harness.know([]), 'How long does a refund take?')).resolves.toMatchObject({
        passages: [],
        isAnswerable: false,
        confidence: 0,
      });
    });

    it('rejects with the reason when the signal is aborted', async () => {
      const ctx = systemContext(await harness.know(texts));
      const search = harness.search.search(ctx, { text: 'refund', limit: 1 }, AbortSignal.abort(new Error('stopped')));
      await expect(search).rejects.toThrow('stopped');
    });
  });
}
