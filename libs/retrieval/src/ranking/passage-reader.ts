import { type Passage, splitSentences, tokenize } from '@app/ai';

/** The words of a passage, sentence by sentence. */
export interface PassageWords {
  /** In the order of `splitSentences`. */
  sentences: ReadonlySet<string>[];
  /** Of a snippet: what it answers, each as its editor worded it. */
  wordings: ReadonlySet<string>[];
  /** Of the title, the headings and their other wordings. */
  heading: ReadonlySet<string>;
}

/** Passages kept; about 10 KB each. */
const MAX_PASSAGES = 1_000;

/**
 * Reads the words of passages, and remembers those that were read last: cutting sentences is most of the time of a search,
 * and visitors ask about the same pages.
 */
export class PassageReader {
  private readonly recent = new Map<string, { passage: Passage; words: PassageWords }>();

  words(passage: Passage): PassageWords {
    const known = this.recent.get(passage.id);
    const entry = known && isSame(known.passage, passage) ? known : { passage, words: readWords(passage) };
    this.recent.delete(passage.id);
    this.recent.set(passage.id, entry);
    const [oldest] = this.recent.keys();
    if (this.recent.size > MAX_PASSAGES && oldest !== undefined) this.recent.delete(oldest);
    return entry.words;
  }
}

/** Ids are unique, but a passage that is not exactly the one that was read is read again: nothing may leak through a cache. */
const isSame = (a: Passage, b: Passage): boolean =>
  a.text === b.text && a.language === b.language && headingOf(a) === headingOf(b);

const headingOf = ({ documentTitle, headingPath, aliases = [] }: Passage): string =>
  [documentTitle, ...headingPath, ...aliases].join('\n');

function readWords(passage: Passage): PassageWords {
  const { text, language, documentTitle, aliases } = passage;
  const wordsOf = (part: string): ReadonlySet<string> => new Set(tokenize(part, language));
  return {
    sentences: splitSentences(text, language).map(wordsOf),
    wordings: aliases ? [documentTitle, ...aliases].map(wordsOf) : [],
    heading: new Set(tokenize(headingOf(passage), language)),
  };
}
