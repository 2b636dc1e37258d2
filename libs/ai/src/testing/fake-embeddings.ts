import { type EmbeddingModel, EmbeddingProvider } from '../embedding-provider';
import { tokenize } from '../text/tokenize';

const DIMENSIONS = 64;

/** Bag-of-words vectors by hashing: texts that share words are near, without a model. */
export class FakeEmbeddings extends EmbeddingProvider {
  readonly model: EmbeddingModel = { id: 'fake-64', dimensions: DIMENSIONS, languages: ['en'] };
  /** Every text that was asked for, in order. */
  readonly texts: string[] = [];

  async embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    signal?.throwIfAborted();
    this.texts.push(...texts);
    return texts.map((text) => unit(tokenize(text)));
  }
}

function unit(tokens: readonly string[]): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (const token of tokens.length > 0 ? tokens : ['']) {
    const bucket = hash(token) % DIMENSIONS;
    vector[bucket] = (vector[bucket] ?? 0) + 1;
  }
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

/** FNV-1a, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
