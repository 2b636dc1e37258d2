/** A piece of a document that may hold the answer: one stored chunk with where it came from. */
export interface Passage {
  /** Chunk id. */
  id: string;
  documentId: string;
  documentTitle: string;
  /** Version of the document the text was taken from. */
  version: number;
  /** Headings above the text, outermost first. */
  headingPath: string[];
  /** Other wordings of what the headings ask: it is found by them, and they are never shown. */
  aliases?: readonly string[];
  /** The web page that the document was made of. */
  url?: string;
  /** 1-based page of paged documents. */
  page?: number;
  /** ISO 639-1 code of the text. */
  language?: string;
  text: string;
  /** Probability that the passage answers the question, 0–1. */
  score: number;
  /** Vectors of `splitSentences(text, language)`, in order, when they were stored: saves embedding them again. */
  sentenceVectors?: readonly Float32Array[];
}
