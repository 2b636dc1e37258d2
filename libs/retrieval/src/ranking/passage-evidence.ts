import { cosine, type Passage } from '@app/ai';
import type { PassageWords } from './passage-reader';

/** A word of the question with its rarity in the workspace (idf), and the forms it may be found in. */
export interface WeighedTerm {
  forms: readonly string[];
  rarity: number;
  /** Whether any passage of the workspace has it. */
  isKnown: boolean;
}

/** How a passage bears on a question, beyond what the legs say. All 0–1. */
export interface PassageEvidence {
  /** Share of the question's words in the passage or its headings, weighted by rarity. */
  coverage: number;
  /** The same for the one sentence, or wording of a snippet's question, that has most of them. */
  sentenceCoverage: number;
  /** Cosine of the nearest sentence; 0 without vectors. */
  sentenceCosine: number;
}

export function gatherEvidence(
  passage: Passage,
  { sentences, wordings, heading }: PassageWords,
  terms: readonly WeighedTerm[],
  vector: Float32Array | null,
): PassageEvidence {
  const total = terms.reduce((sum, { rarity }) => sum + rarity, 0);
  const share = (sets: readonly ReadonlySet<string>[]): number =>
    total === 0 ? 0 : terms.reduce((sum, term) => sum + (isInAny(term, sets) ? term.rarity : 0), 0) / total;
  return {
    coverage: share([heading, ...sentences]),
    sentenceCoverage: Math.max(0, ...[...sentences, ...wordings].map((set) => share([set]))),
    sentenceCosine: Math.max(0, ...sentenceCosines(passage, sentences.length, vector)),
  };
}

const isInAny = ({ forms }: WeighedTerm, sets: readonly ReadonlySet<string>[]): boolean =>
  sets.some((set) => forms.some((form) => set.has(form)));

function sentenceCosines({ sentenceVectors }: Passage, sentences: number, vector: Float32Array | null): number[] {
  if (!vector || sentenceVectors?.length !== sentences) return [];
  return sentenceVectors.map((sentence) => cosine(vector, sentence));
}
