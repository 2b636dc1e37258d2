export interface EmbeddingModel {
  /** Stored with every vector; vectors of different ids are never compared. */
  readonly id: string;
  /** 0 when there is no model: only words are searched. */
  readonly dimensions: number;
  /** ISO 639-1 codes in which vectors are worth comparing. */
  readonly languages: readonly string[];
}

/**
 * Texts → vectors of unit length, in the order of the texts.
 *
 * Without a usable model `model.dimensions` is 0 and every vector is empty: callers store no vectors and search words
 * alone. The model may turn out to be unusable at the first call, so read `model` after `embed`.
 * Throws AppError `provider.unavailable` for a failure that may pass, or the signal's reason.
 */
export abstract class EmbeddingProvider {
  abstract readonly model: EmbeddingModel;

  abstract embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
}
