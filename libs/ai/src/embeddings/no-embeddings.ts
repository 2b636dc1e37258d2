import { type EmbeddingModel, EmbeddingProvider } from '../embedding-provider';

export const NO_MODEL: EmbeddingModel = { id: 'none', dimensions: 0, languages: [] };

/** Lexical-only: every vector is empty. */
export class NoEmbeddings extends EmbeddingProvider {
  readonly model = NO_MODEL;

  async embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    signal?.throwIfAborted();
    return texts.map(() => new Float32Array(0));
  }
}
