/** What a digit or sign stands for when somebody writes a word in it; 1 and ! stand for two letters. */
const LETTERS: Record<string, string> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
  '+': 't',
  '8': 'b',
};

const folded = (text: string, one: 'i' | 'l'): string =>
  [...text].map((each) => (each === '1' || each === '!' ? one : (LETTERS[each] ?? each))).join('');

/** The text as it stands and as a reader of `p4ssw0rd` reads it. */
export const readings = (text: string): readonly string[] => [text, folded(text, 'i'), folded(text, 'l')];
