import { stemmer } from './stems';
import { stopWords } from './stop-words';
import { isSingleUnspaced, words } from './tokenize';

/** One distinct word of a question. */
export interface QuestionTerm {
  /** As `tokenize` writes it in each of the languages, without repeats: it is found where any of them is. */
  readonly forms: readonly string[];
  /** 1, or ½ for a single character of a script without spaces, which is weak evidence beside its pairs. */
  readonly weight: number;
}

/**
 * The words of a question that carry its subject, matched to passages of several languages.
 *
 * @param language of the question, whose stop words are dropped; null drops English ones.
 * @param passageLanguages the languages of the passages that are searched.
 */
export function questionTerms(
  text: string,
  language: string | null,
  passageLanguages: readonly string[],
): QuestionTerm[] {
  const ignored = stopWords(language ?? 'en');
  const stems = [...new Set([language ?? 'en', ...passageLanguages])].map(stemmer);
  const distinct = [...new Set(words(text))].filter((word) => !ignored.has(word));
  const terms = new Map<string, QuestionTerm>();
  for (const word of distinct) {
    const forms = [...new Set(stems.map((stem) => stem(word)))];
    terms.set(forms[0] ?? word, { forms, weight: isSingleUnspaced(word) ? 0.5 : 1 });
  }
  return [...terms.values()];
}
