import type { LookUp } from './look-up';
import type { QuestionSignals } from './question-signals';
import type { RankedPassage } from './rank-passages';
import { FOREIGN_THRESHOLD, probability, WITH_VECTORS, WORDS_ALONE } from './refusal-calibration';

export interface Decision {
  /** Probability that the passages answer the question, 0–1. */
  confidence: number;
  isAnswerable: boolean;
}

/** Whether to answer from what was found, or to say that nothing was. */
export function decide({ isForeign }: LookUp, ranked: readonly RankedPassage[], signals: QuestionSignals): Decision {
  if (ranked.length === 0) return { confidence: 0, isAnswerable: false };
  const hasVectors = ranked.some(({ legs }) => legs.dense !== undefined);
  const model = hasVectors ? WITH_VECTORS : WORDS_ALONE;
  const confidence = probability(model, signals);
  return { confidence, isAnswerable: confidence >= (isForeign ? FOREIGN_THRESHOLD : model.threshold) };
}
