import { foldMarks } from './fold-text';

/** As many characters may stand between two parts; sentences and lists of rows end before. */
const GAP = '[^.!?。！？।؟|]{0,40}?';

/**
 * A pattern over folded text, written as one reads it: a blank is a blank or a line break, `…` is up to 40 characters of
 * the same sentence. The rest is a regular expression; its repetitions must be bounded, so that its time is linear.
 */
export const phrase = (source: string): RegExp =>
  new RegExp(
    source
      .split('…')
      .map(foldMarks)
      .join(GAP)
      .replaceAll(/ (?![^[]*\])/g, '[ \\n]'),
    'mu',
  );

interface Override {
  /** Forms of “ignore” that give an order. */
  readonly verbs: string;
  /** “previous”, “all”, “your”: what tells the instructions a model got from those of a washing machine. */
  readonly which: string;
  /** Instructions, rules, commands. */
  readonly things: string;
}

/** “Ignore all previous instructions”, in the order of words of the language. Each part is alternatives with `|`. */
export const overriding = (
  { verbs, which, things }: Override,
  order: 'verb-first' | 'verb-last' = 'verb-first',
): RegExp => {
  const whose = `(?:(?:${which})…(?:${things})|(?:${things})…(?:${which}))`;
  return phrase(order === 'verb-first' ? `(?:${verbs})…${whose}` : `${whose}…(?:${verbs})`);
};
