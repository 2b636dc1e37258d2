import { Bm25Index } from './bm25-index';

const PARAMETERS = { k1: 1.2, b: 0.75 };
const counts = (text: string): Map<string, number> => {
  const map = new Map<string, number>();
  for (const word of text.split(' ')) map.set(word, (map.get(word) ?? 0) + 1);
  return map;
};
const indexOf = (...texts: string[]): Bm25Index => {
  const index = new Bm25Index(PARAMETERS);
  texts.forEach((text, slot) => index.add(slot, counts(text)));
  return index;
};
const scoresOf = (index: Bm25Index, words: string[], slots: number): number[] => {
  const scores = new Float64Array(slots);
  index.score(words, scores);
  return [...scores];
};

describe('Bm25Index', () => {
  it('scores as the formula says', () => {
    const index = indexOf('a b', 'a c c c');
    const idf = Math.log(1 + (2 - 1 + 0.5) / (1 + 0.5));
    const expected = (idf * 3 * 2.2) / (3 + 1.2 * (0.25 + 0.75 * (4 / 3)));
    const [first, second] = scoresOf(index, ['c'], 2);
    expect(first).toBe(0);
    expect(second).toBeCloseTo(expected, 10);
  });

  it('values a rare word above a frequent one', () => {
    const index = indexOf('common rare', 'common x', 'common y');
    expect(index.idf('rare')).toBeGreaterThan(index.idf('common'));
  });

  it('forgets removed entries as if they had never been there', () => {
    const index = indexOf('a b', 'a c', 'a d d');
    index.remove(new Set([1, 2]));
    const fresh = indexOf('a b');
    expect(index.size).toBe(1);
    expect(index.bytes).toBeLessThanOrEqual(fresh.bytes + 2 * 8);
    expect(index.documentFrequency('c')).toBe(0);
    expect(scoresOf(index, ['a', 'b', 'c'], 3).slice(0, 1)).toEqual(scoresOf(fresh, ['a', 'b', 'c'], 1));
  });

  it('scores nothing when empty', () => {
    expect(scoresOf(new Bm25Index(PARAMETERS), ['a'], 0)).toEqual([]);
  });
});
