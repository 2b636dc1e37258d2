import type { Passage } from '@app/ai';
import type { WorkspaceContext } from '@app/kernel';

export interface SearchQuery {
  /** A stand-alone question. */
  text: string;
  /** Passages wanted, best first. */
  limit: number;
}

/** What one leg of the search thought of a passage. */
export interface LegScore {
  /** 1-based within the leg. */
  rank: number;
  /** BM25 for `lexical`, cosine for `dense`: comparable within one search only. */
  score: number;
}

export interface PassageHit extends Passage {
  legs: { lexical?: LegScore; dense?: LegScore };
}

export interface SearchResult {
  passages: PassageHit[];
  /** ISO 639-1 code of the question; null when it could not be told. */
  language: string | null;
  durationMs: number;
  /** Whether the passages are likely to answer the question; calibrated, see refusal-calibration.ts. */
  isAnswerable: boolean;
  /** Probability that the passages answer the question, 0–1. */
  confidence: number;
}

/**
 * The passages of one workspace that answer a question, best first.
 *
 * Sees indexed documents of `ctx.workspaceId` alone, and every change that was committed before the call. An empty
 * knowledge base or question yields no passages and `isAnswerable: false`; it never throws for what is asked.
 */
export abstract class PassageSearch {
  abstract search(ctx: WorkspaceContext, query: SearchQuery, signal?: AbortSignal): Promise<SearchResult>;
}
