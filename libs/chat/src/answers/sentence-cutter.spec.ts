import { type CutSentence, SentenceCutter } from './sentence-cutter';

const cutAll = (text: string, size: number, language: string | null = 'en'): CutSentence[] => {
  const cutter = new SentenceCutter(language);
  const cut: CutSentence[] = [];
  for (let at = 0; at < text.length; at += size) cut.push(...cutter.push(text.slice(at, at + size)));
  return [...cut, ...cutter.end()];
};
const join = (sentences: CutSentence[]): string => sentences.map(({ separator, text }) => separator + text).join('');

describe('SentenceCutter', () => {
  const answer =
    'Send form W-1 to us. [1] Keep the receipt [1][2]. The e.g. blue carton is best! [3]\n\n- Close it. [2]\n- Seal it. [12] Done.';

  it.each([1, 2, 3, 7, 50, 1_000])('cuts the same sentences from pieces of %i characters', (size) => {
    expect(cutAll(answer, size).map(({ text }) => text)).toEqual([
      'Send form W-1 to us. [1]',
      'Keep the receipt [1][2].',
      'The e.g. blue carton is best! [3]',
      '- Close it. [2]',
      '- Seal it. [12]',
      'Done.',
    ]);
  });

  it.each([1, 5, 1_000])('loses no character between sentences (pieces of %i)', (size) => {
    expect(join(cutAll(answer, size))).toBe(answer);
  });

  it('keeps a sentence until the next one has begun, because its markers may still come', () => {
    const cutter = new SentenceCutter('en');
    expect(cutter.push('It takes two days.')).toEqual([]);
    expect(cutter.push(' [')).toEqual([]);
    expect(cutter.push('1')).toEqual([]);
    expect(cutter.push('] ')).toEqual([]);
    expect(cutter.push('[2]')).toEqual([]);
    expect(cutter.push(' And')).toEqual([{ separator: '', text: 'It takes two days. [1] [2]' }]);
    expect(cutter.end()).toEqual([{ separator: ' ', text: 'And' }]);
  });

  it('cuts languages that do not use full stops and spaces', () => {
    expect(cutAll('请保留收据。[1]我们会在两天内回复。[2]', 1, 'zh').map(({ text }) => text)).toEqual([
      '请保留收据。[1]',
      '我们会在两天内回复。[2]',
    ]);
    expect(cutAll('रसीद रखें। [1] हम उत्तर देंगे। [2]', 3, 'hi').map(({ text }) => text)).toEqual([
      'रसीद रखें। [1]',
      'हम उत्तर देंगे। [2]',
    ]);
  });

  it('makes nothing of nothing, and keeps markers that follow no sentence', () => {
    expect(cutAll('', 1)).toEqual([]);
    expect(cutAll(' \n ', 1)).toEqual([]);
    expect(cutAll('[1] It is.', 1).map(({ text }) => text)).toEqual(['[1] It is.']);
  });
});
