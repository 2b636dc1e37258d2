import type { Passage } from '@app/ai';
import type { PassageIndex } from '../index/passage-index';
import { type FusedCandidate, fuseLegs } from './fuse-legs';
import type { PassageReader } from './passage-reader';
import { questionSignals, type QuestionSignals, type SearchedKnowledge } from './question-signals';
import { type RankedPassage, rankPassages, RERANK_DEPTH } from './rank-passages';

/** Fewer characters than this are not enough to tell a language by n-grams. */
export const MIN_TELLING_CHARS = 25;

export interface Question {
  text: string;
  /** ISO 639-1; null when unknown. */
  language: string | null;
  /** null searches words alone. */
  vector: Float32Array | null;
}

/** What the index found, before the passages themselves are read. */
export interface LookUp extends SearchedKnowledge {
  candidates: (FusedCandidate & { id: string })[];
  /** Whether no passage is written in the question's language: then words match by accident, or are names. */
  isForeign: boolean;
}

export function lookUp(index: PassageIndex, { text, language, vector }: Question): LookUp {
  const likely = likelyLanguage(index, text, language);
  const terms = index.termsOf(text, likely);
  return {
    candidates: fuseLegs(index.search({ terms, vector }), RERANK_DEPTH).map((candidate) => ({
      ...candidate,
      id: index.idAt(candidate.slot) ?? '',
    })),
    terms: terms.map((term) => ({ forms: term.forms, rarity: index.rarity(term), isKnown: index.isKnown(term) })),
    bestPossible: index.bestPossibleScore(terms),
    size: index.size,
    isForeign: likely !== null && !index.passageLanguages.includes(likely),
  };
}

/** A few words can look like any language: then the one the workspace writes in is the better guess. */
function likelyLanguage(index: PassageIndex, text: string, detected: string | null): string | null {
  const languages = index.passageLanguages;
  const isPlausible = detected !== null && (text.length >= MIN_TELLING_CHARS || languages.includes(detected));
  return isPlausible ? detected : (languages[0] ?? detected);
}

/** Orders the passages that were read, and says what they tell about the question. */
export function judge(
  found: LookUp,
  passages: ReadonlyMap<string, Passage>,
  vector: Float32Array | null,
  reader: PassageReader,
): { ranked: RankedPassage[]; signals: QuestionSignals } {
  const read = found.candidates.flatMap((candidate) => {
    const passage = passages.get(candidate.id);
    return passage ? [{ candidate, passage }] : [];
  });
  const ranked = rankPassages(read, found.terms, vector, reader);
  return { ranked, signals: questionSignals(ranked, found) };
}
