/** Alphabets with letters that look like letters of another one (Unicode Technical Standard 39, "confusables"). */
const ALPHABETS = ['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Cherokee', 'Coptic'].map(
  (script) => new RegExp(`\\p{Script=${script}}`, 'u'),
);

/** Letters of Cyrillic and Greek that look like small Latin ones: a word of nothing else reads as a Latin word. */
const COPIES = /^[\d\-асԁеһіјӏоорԛѕԝхуѵ\u03b9\u03bd\u03bf\u03c1\u03c5\u03f2\u03f3]+$/u;
const IS_ASCII = /^[\u0020-\u007e]*$/;

/**
 * Whether a label of a host name, in its own letters and lower case, may be taken for another one: it mixes alphabets, or
 * every letter is the copy of a Latin one.
 */
export function isLookAlike(label: string): boolean {
  if (IS_ASCII.test(label)) return false;
  return ALPHABETS.filter((alphabet) => alphabet.test(label)).length > 1 || COPIES.test(label);
}
