import type { QuestionSignals } from './question-signals';

/** What the logistic models weigh. Squares let a signal count less where it is high already. */
const FEATURES = {
  cosine: ({ cosine }: QuestionSignals) => cosine,
  cosineSquared: ({ cosine }: QuestionSignals) => cosine ** 2,
  sentenceCosine: ({ sentenceCosine }: QuestionSignals) => sentenceCosine,
  sentenceCosineSquared: ({ sentenceCosine }: QuestionSignals) => sentenceCosine ** 2,
  sentenceCoverage: ({ sentenceCoverage }: QuestionSignals) => sentenceCoverage,
  coverage: ({ coverage }: QuestionSignals) => coverage,
  lexicalRoot: ({ lexical }: QuestionSignals) => Math.sqrt(lexical),
  margin: ({ margin }: QuestionSignals) => margin,
  unknown: ({ unknown }: QuestionSignals) => unknown,
  logSize: ({ logSize }: QuestionSignals) => logSize,
} as const;

/** @public */
export type Feature = keyof typeof FEATURES;

/** A logistic model: probability = 1 / (1 + e^−(intercept + Σ weight · feature)). */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Readonly<Partial<Record<Feature, number>>>;
  /** At or above this probability a question is answered. */
  readonly threshold: number;
}

/** Fitted by `bench/fit-refusal.mjs`; docs/adr/0010 tells on what, and how far it reaches. */
export const WITH_VECTORS: LogisticModel = {
  intercept: -4.79,
  weights: {
    cosine: 6.124,
    cosineSquared: -2.147,
    sentenceCosine: 8.651,
    sentenceCosineSquared: -4.823,
    coverage: -1.647,
    lexicalRoot: 1.873,
    margin: 1.934,
    unknown: -2.074,
    logSize: -0.307,
  },
  threshold: 0.37,
};

/** For questions in a language without vectors, or when there is no model. */
export const WORDS_ALONE: LogisticModel = {
  intercept: -0.241,
  weights: {
    coverage: -2.461,
    sentenceCoverage: -0.564,
    lexicalRoot: 7.294,
    margin: 1.824,
    unknown: -3.088,
    logSize: -0.468,
  },
  threshold: 0.36,
};

/** When no passage is in the question's language, only names and numbers may match: they must nearly be the question. */
export const FOREIGN_THRESHOLD = 0.7;

/**
 * One input of the model; the fitting script computes its rows with it.
 * @public
 */
export const featureValue = (feature: Feature, signals: QuestionSignals): number => FEATURES[feature](signals);

/** Probability, 0–1, that the passages answer the question. */
export function probability({ intercept, weights }: LogisticModel, signals: QuestionSignals): number {
  // Object.entries forgets the keys' type.
  const entries = Object.entries(weights) as [Feature, number][];
  const sum = entries.reduce((total, [feature, weight]) => total + weight * featureValue(feature, signals), intercept);
  return 1 / (1 + Math.exp(-sum));
}
