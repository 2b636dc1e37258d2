import type { Spending } from '@app/embeds';
import type { SearchResult } from '@app/retrieval';

/** How an answer came about, kept with it so that it can be explained and repeated. Ids, scores and times; no texts. */
export interface Provenance {
  /** Missing when an editor's answer was given word for word: nothing was searched. */
  readonly search?: {
    readonly language: string | null;
    readonly confidence: number;
    readonly isAnswerable: boolean;
    readonly durationMs: number;
    readonly passages: readonly { id: string; documentId: string; version: number; score: number }[];
  };
  /** The snippet whose answer was given word for word. */
  readonly canned?: { readonly snippetId: string; readonly version: number };
  /** Missing when no model was asked. */
  readonly provider?: string;
  readonly model?: string;
  readonly endReason?: string;
  /** A security event: why the provider cut its model off. */
  readonly finding?: string;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  /** All calls to models that cost, those that failed included; missing when there was none. */
  readonly spent?: Spending;
  /** Set when a budget was spent and the answer is made without the model it would have had. */
  readonly degraded?: 'budget';
  /** Sentences the passages did not support, removed before anybody saw them. */
  readonly droppedSentences?: number;
  readonly timings: { readonly firstTextMs?: number; readonly totalMs: number };
}

export const searchProvenance = (found: SearchResult): NonNullable<Provenance['search']> => ({
  language: found.language,
  confidence: found.confidence,
  isAnswerable: found.isAnswerable,
  durationMs: found.durationMs,
  passages: found.passages.map(({ id, documentId, version, score }) => ({ id, documentId, version, score })),
});
