import type { Passage } from '@app/ai';
import type { FusedCandidate } from './fuse-legs';
import { gatherEvidence, type PassageEvidence, type WeighedTerm } from './passage-evidence';
import type { PassageReader } from './passage-reader';

/** Candidates that are looked at sentence by sentence; the rest keep the order of the legs. */
export const RERANK_DEPTH = 20;

/**
 * Added to the fused score of the legs: fitted by hand on squad2_small (+.014 nDCG@10), neutral on techqa and
 * anthropic_docs (docs/adr/0009).
 */
const SENTENCE_COSINE_WEIGHT = 0.3;
const COVERAGE_WEIGHT = 0.2;
const SENTENCE_COVERAGE_WEIGHT = 0.2;

export interface RankedPassage {
  passage: Passage;
  legs: FusedCandidate['legs'];
  evidence: PassageEvidence;
  /** What the order is made by; comparable within one search. */
  rank: number;
}

/** Orders passages by the legs and by what their sentences say. */
export function rankPassages(
  found: readonly { candidate: FusedCandidate; passage: Passage }[],
  terms: readonly WeighedTerm[],
  vector: Float32Array | null,
  reader: PassageReader,
): RankedPassage[] {
  return found
    .map(({ candidate: { fused, legs }, passage }) => {
      const evidence = gatherEvidence(passage, reader.words(passage), terms, vector);
      const rank =
        fused +
        SENTENCE_COSINE_WEIGHT * evidence.sentenceCosine +
        COVERAGE_WEIGHT * evidence.coverage +
        SENTENCE_COVERAGE_WEIGHT * evidence.sentenceCoverage;
      return { passage, legs, evidence, rank };
    })
    .sort((a, b) => b.rank - a.rank);
}
