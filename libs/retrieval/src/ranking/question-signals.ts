import type { WeighedTerm } from './passage-evidence';
import type { RankedPassage } from './rank-passages';

/** What a search says about whether the question can be answered at all. */
export interface QuestionSignals {
  /** Best cosine of a passage, 0–1. */
  cosine: number;
  /** Best cosine of a sentence, 0–1. */
  sentenceCosine: number;
  /** Best single sentence by words, 0–1. */
  sentenceCoverage: number;
  /** Rarity-weighted share of the question's words in the first passage, 0–1. */
  coverage: number;
  /** Best BM25 against the most these words could score, 0–1. */
  lexical: number;
  /** How far the first passage is ahead of the best one of another document, about 0–1. */
  margin: number;
  /** Share of the question's words that no passage of the workspace has, 0–1. */
  unknown: number;
  /** Natural logarithm of the number of passages: among more of them the best one is better by chance. */
  logSize: number;
}

export interface SearchedKnowledge {
  terms: readonly WeighedTerm[];
  /** The highest BM25 score the question's words could reach. */
  bestPossible: number;
  /** Passages in the workspace. */
  size: number;
}

/** Passages that may support an answer. */
const SUPPORTING = 5;
/** Where there is no other document to compare with; about the mean margin on the tuning sets. */
const LONE_DOCUMENT_MARGIN = 0.3;

export function questionSignals(
  ranked: readonly RankedPassage[],
  { terms, bestPossible, size }: SearchedKnowledge,
): QuestionSignals {
  const best = (of: (passage: RankedPassage) => number): number => Math.max(0, ...ranked.slice(0, SUPPORTING).map(of));
  const unknown = terms.filter(({ isKnown }) => !isKnown).length;
  return {
    cosine: best(({ legs }) => legs.dense?.score ?? 0),
    sentenceCosine: best(({ evidence }) => evidence.sentenceCosine),
    sentenceCoverage: best(({ evidence }) => evidence.sentenceCoverage),
    coverage: ranked[0]?.evidence.coverage ?? 0,
    lexical: bestPossible === 0 ? 0 : best(({ legs }) => legs.lexical?.score ?? 0) / bestPossible,
    margin: documentMargin(ranked),
    unknown: terms.length === 0 ? 1 : unknown / terms.length,
    logSize: Math.log(Math.max(1, size)),
  };
}

function documentMargin(ranked: readonly RankedPassage[]): number {
  const [first] = ranked;
  if (!first) return 0;
  const other = ranked.find(({ passage }) => passage.documentId !== first.passage.documentId);
  return other ? first.rank - other.rank : LONE_DOCUMENT_MARGIN;
}
