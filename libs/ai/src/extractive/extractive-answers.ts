import { type AnswerPart, AnswerProvider, type AnswerRequest } from '../answer-provider';
import type { EmbeddingProvider } from '../embedding-provider';
import type { Passage } from '../passage';
import { splitSentences } from '../text/sentences';
import { composeAnswer } from './compose-answer';
import { rankSentences } from './sentence-ranking';

/** Sentences come from the best passages alone; further ones add noise. */
const MAX_PASSAGES = 5;
/** Below this not even the best sentence has to do with the question. */
const MIN_SENTENCE_SCORE = 0.2;
const MODEL = 'extractive/1';
/** About four words, so that the text is seen to grow. */
const PART = /(?:\s*\S+){1,4}/gu;

/**
 * Answers in the documents' own words: selects the sentences that answer and joins them, each with its marker. Needs no
 * key and no network, and cannot make anything up.
 */
export class ExtractiveAnswers extends AnswerProvider {
  readonly name = 'extractive';

  constructor(private readonly embeddings: EmbeddingProvider) {
    super();
  }

  async *answer(request: AnswerRequest, signal: AbortSignal): AsyncIterable<AnswerPart> {
    signal.throwIfAborted();
    const passages = await this.withVectors(request.passages.slice(0, MAX_PASSAGES), signal);
    const [vector] = await this.embeddings.embed([request.question], signal);
    const ranked = rankSentences(request.question, vector?.length ? vector : undefined, passages);
    if ((ranked[0]?.score ?? 0) < MIN_SENTENCE_SCORE) {
      yield { type: 'end', reason: 'no-answer', model: MODEL };
      return;
    }
    let room = request.maxOutputChars;
    for (const { text, passage, startsLine } of composeAnswer(ranked, passages)) {
      const separator = room === request.maxOutputChars ? '' : startsLine ? '\n' : ' ';
      const sentence = `${separator}${text} [${String(passage + 1)}]`;
      if (sentence.length > room) {
        yield { type: 'end', reason: 'length', model: MODEL };
        return;
      }
      room -= sentence.length;
      yield* parts(sentence, signal);
    }
    yield { type: 'end', reason: 'complete', model: MODEL };
  }

  /** Passages of a language the model knows, with their sentences' vectors. */
  private async withVectors(passages: readonly Passage[], signal: AbortSignal): Promise<Passage[]> {
    const { languages, dimensions } = this.embeddings.model;
    const result: Passage[] = [];
    for (const passage of passages) {
      const isKnown = dimensions > 0 && (!passage.language || languages.includes(passage.language));
      const isMissing = isKnown && !passage.sentenceVectors;
      const sentences = isMissing ? splitSentences(passage.text, passage.language) : [];
      result.push(
        isMissing ? { ...passage, sentenceVectors: await this.embeddings.embed(sentences, signal) } : passage,
      );
    }
    return result;
  }
}

function* parts(text: string, signal: AbortSignal): Iterable<AnswerPart> {
  for (const part of text.match(PART) ?? []) {
    signal.throwIfAborted();
    yield { type: 'text', text: part };
  }
}
