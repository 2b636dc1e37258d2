/** Scripts written without spaces: each character counts. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
/** Marks belong to their letter: without \p{M} Hindi falls apart. */
const TOKEN = new RegExp(`[${UNSPACED}]\\p{M}*|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+`, 'gu');

/** Words, as a person counts them. Word pieces of embedding models are about 1.3 times as many. */
export const countTokens = (text: string): number => text.match(TOKEN)?.length ?? 0;

/** Cuts a text into pieces of at most `maxTokens` words, between words. Together they are the text. */
export function cutByTokens(text: string, maxTokens: number): string[] {
  const pieces: string[] = [];
  let start = 0;
  let count = 0;
  for (const { index } of text.matchAll(TOKEN)) {
    if (count > 0 && count % maxTokens === 0) {
      pieces.push(text.slice(start, index));
      start = index;
    }
    count++;
  }
  return [...pieces, text.slice(start)];
}
