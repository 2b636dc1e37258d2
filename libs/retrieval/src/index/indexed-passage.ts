import type { Int8Vector } from '@app/ai';

/** What the index needs to know of a chunk; its text is not kept. */
export interface IndexedPassage {
  /** Chunk id. */
  id: string;
  documentId: string;
  documentTitle: string;
  headingPath: readonly string[];
  /** Other wordings of the headings. */
  aliases?: readonly string[];
  /** ISO 639-1; null when unknown. */
  language: string | null;
  text: string;
  /** null when the chunk has no vector of the current model, or its language is none the model knows. */
  vector: Int8Vector | null;
}
