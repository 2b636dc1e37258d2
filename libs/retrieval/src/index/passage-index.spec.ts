import { encodeVector, decodeInt8 } from '@app/ai';
import type { IndexedPassage } from './indexed-passage';
import { PassageIndex } from './passage-index';

const passage = (id: string, overrides: Partial<IndexedPassage> = {}): IndexedPassage => ({
  id,
  documentId: `document of ${id}`,
  documentTitle: 'Help',
  headingPath: [],
  language: 'en',
  text: 'Refunds take five days.',
  vector: null,
  ...overrides,
});
const found = (index: PassageIndex, question: string): string[] => {
  const { lexical } = index.search({ terms: index.termsOf(question, 'en'), vector: null });
  return [...lexical].flatMap((score, slot) => (score > 0 ? [index.idAt(slot) ?? '?'] : []));
};

describe('PassageIndex', () => {
  it('finds a passage by its text, its headings and its document’s title', () => {
    const index = new PassageIndex(0);
    index.add(passage('a', { text: 'Popcorn', headingPath: ['Snacks'], documentTitle: 'The bar' }));
    for (const question of ['popcorn', 'snack', 'bars']) expect(found(index, question)).toEqual(['a']);
  });

  it('finds no passage of a removed document, by words or by vectors', () => {
    const vector = decodeInt8(encodeVector(Float32Array.from([1, 0])));
    const index = new PassageIndex(2);
    index.add(passage('a', { vector }));
    index.add(passage('b', { vector }));
    index.removeDocuments(['document of a']);
    expect(found(index, 'refunds')).toEqual(['b']);
    const { cosine } = index.search({ terms: [], vector: Float32Array.from([1, 0]) });
    expect(cosine?.[0]).toBeNaN();
    expect(cosine?.[1]).toBeCloseTo(1, 2);
    expect(index.size).toBe(1);
  });

  it('ignores a vector of another size', () => {
    const index = new PassageIndex(3);
    index.add(passage('a', { vector: decodeInt8(encodeVector(Float32Array.from([1, 0]))) }));
    expect(index.search({ terms: [], vector: Float32Array.from([1, 0, 0]) }).cosine?.[0]).toBeNaN();
  });

  it('keeps vectors apart while it grows', () => {
    const index = new PassageIndex(2);
    for (let i = 0; i < 200; i++) {
      const vector = decodeInt8(encodeVector(Float32Array.from(i === 150 ? [1, 0] : [0, 1])));
      index.add(passage(String(i), { vector }));
    }
    const { cosine } = index.search({ terms: [], vector: Float32Array.from([1, 0]) });
    expect([...(cosine ?? [])].flatMap((score, slot) => (score > 0.9 ? [index.idAt(slot)] : []))).toEqual(['150']);
  });

  it('asks in every language its passages are written in', () => {
    const index = new PassageIndex(0);
    index.add(passage('de', { language: 'de', text: 'Erstattungen dauern fünf Tage.' }));
    index.add(passage('en'));
    expect(found(index, 'Erstattung')).toEqual(['de']);
    expect(found(index, 'refunding')).toEqual(['en']);
  });

  it('wants to be built anew after much was removed', () => {
    const index = new PassageIndex(0);
    for (let i = 0; i < 3_000; i++) index.add(passage(String(i)));
    expect(index.isSparse).toBe(false);
    index.removeDocuments(Array.from({ length: 2_500 }, (_, i) => `document of ${String(i)}`));
    expect(index.isSparse).toBe(true);
  });
});
