import { EmbeddingProvider, encodeVector, encodeVectors, splitSentences } from '@app/ai';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { ChunkVectors, VectorKind, VersionKey } from './chunk-rows';
import { IngestionRecord, type StoredChunk } from './ingestion-record';

/** Chunks a transaction, and the most that a crash makes to be embedded again. */
const CHUNKS_A_STEP = 8;
/** Texts a call: visitors' questions are embedded by the same model and wait for one call at most. */
const TEXTS_A_CALL = 16;

/** Of the text a vector is made from, heading path and all. Raise it when `vectorsOf` puts texts together differently. */
export const PREFIX_VERSION = 1;

/** Gives every chunk of a version its vectors: one for the whole, one for each sentence. */
@Injectable()
export class ChunkEmbedder {
  constructor(
    private readonly record: IngestionRecord,
    private readonly embeddings: EmbeddingProvider,
  ) {}

  /**
   * Resumable: chunks that have vectors of the model are skipped.
   * @returns what all its vectors are of; null without a model
   */
  async embed(ctx: WorkspaceContext, key: VersionKey, signal: AbortSignal): Promise<VectorKind | null> {
    for (;;) {
      const { model } = this.embeddings;
      if (model.dimensions === 0) return null;
      const chunks = await this.record.chunksToEmbed(ctx, key, {
        model,
        prefixVersion: PREFIX_VERSION,
        limit: CHUNKS_A_STEP,
      });
      if (chunks.length === 0) return { model, prefixVersion: PREFIX_VERSION };
      const vectors: ChunkVectors[] = [];
      for (const chunk of chunks) vectors.push(await this.vectorsOf(chunk, signal));
      // The model may have turned out to be unusable at the first call.
      if (this.embeddings.model.dimensions === 0) return null;
      await this.record.saveVectors(ctx, key, { model, prefixVersion: PREFIX_VERSION, vectors });
    }
  }

  private async vectorsOf(
    { id, headingPath, language, text }: StoredChunk,
    signal: AbortSignal,
  ): Promise<ChunkVectors> {
    const sentences = splitSentences(text, language);
    // Headings say what the text is about: without them nDCG@10 falls from .97 to .46 on a real manual.
    const texts = [[...headingPath, text].join('\n'), ...sentences];
    const vectors: Float32Array[] = [];
    for (let start = 0; start < texts.length; start += TEXTS_A_CALL) {
      vectors.push(...(await this.embeddings.embed(texts.slice(start, start + TEXTS_A_CALL), signal)));
    }
    const [whole = new Float32Array(0), ...parts] = vectors;
    return { chunkId: id, vector: encodeVector(whole), sentenceVectors: encodeVectors(parts) };
  }
}
