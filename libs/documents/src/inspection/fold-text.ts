/** Shapes without width, marks of direction, selectors of variants. */
const WITHOUT_SHAPE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}]/gu;
const TAG = /[\u{e0020}-\u{e007e}]/gu;
const TAG_BASE = 0xe0000;
/** Accents of Latin and Greek; vowel signs and hamza of Arabic. Those of Cyrillic and Hindi make other letters. */
const ACCENTS = /(?<=[\p{Script=Latin}\p{Script=Greek}])[\u0300-\u036f]+|[\u064b-\u065f\u0670\u0640]+/gu;
const WORD = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{2,}/gu;
const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;
/** Lower-case letters that look Latin (Unicode Technical Standard 39, confusables), with what they look like. */
const LOOKALIKES = new Map(
  [...'аaеeоoрpсcхxуyіiјjѕsԁdһhкkмmтtнhвbгrӏlԛqԝwѵvαaοoρpνvτtιiκkυuηnεeωwγy'.matchAll(/(.)(.)/gu)].map(
    ([, letter = '', latin = '']) => [letter, latin],
  ),
);

/**
 * Text as a model may take it, for patterns: compatibility forms unified (NFKC), lower case, nothing invisible, tag
 * characters as the letters they stand for, no accents, lookalikes of mixed words as Latin letters, single blanks.
 * Line breaks stay, one at a time.
 */
export function foldText(text: string): string {
  return foldMarks(text.replace(TAG, (tag) => String.fromCodePoint((tag.codePointAt(0) ?? TAG_BASE) - TAG_BASE)))
    .toLowerCase()
    .replace(/\u0307/g, '') // of the Turkish İ
    .replace(WORD, foldLookalikes)
    .replace(/[’‘`´]/g, "'")
    .replace(/[“”„«»]/g, '"')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n');
}

/** The part that patterns need as well, so that they can be written as people write: `règles`, `निर्देश`. */
export const foldMarks = (text: string): string =>
  text.replace(WITHOUT_SHAPE, '').normalize('NFKD').replace(ACCENTS, '').normalize('NFKC');

/** Only of words in which letters of two alphabets meet: a Russian word is Russian. */
const foldLookalikes = (word: string): string =>
  LATIN.test(word) && LOOKALIKE_SCRIPT.test(word)
    ? [...word].map((letter) => LOOKALIKES.get(letter) ?? letter).join('')
    : word;
