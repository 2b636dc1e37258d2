export { AiModule } from './ai.module';
export { type AnswerPart, AnswerProvider, type AnswerRequest } from './answer-provider';
export { CitationVerifier, type VerifiedCitation, type VerifiedSentence } from './citations/citation-verifier';
export { type EmbeddingModel, EmbeddingProvider } from './embedding-provider';
export { ModelMeter, type ModelUsage } from './model-meter';
export { type Passage } from './passage';
export { detectLanguage } from './text/language';
export { questionTerms, type QuestionTerm } from './text/question-terms';
export { splitSentences } from './text/sentences';
export { tokenize } from './text/tokenize';
export { normaliseWording, wordingHash } from './text/wording';
export {
  cosine,
  decodeInt8,
  decodeVector,
  decodeVectors,
  encodeVector,
  encodeVectors,
  type Int8Vector,
} from './vectors/vector-codec';
export { LocalEmbeddings } from './embeddings/local-embeddings';
export { NoEmbeddings } from './embeddings/no-embeddings';
export { ExtractiveAnswers } from './extractive/extractive-answers';
