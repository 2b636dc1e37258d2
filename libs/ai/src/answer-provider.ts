import type { ModelMeter } from './model-meter';
import type { Passage } from './passage';

export interface AnswerRequest {
  question: string;
  /** Earlier turns, oldest first, without the question. */
  history: { author: 'visitor' | 'assistant'; text: string }[];
  /** Best first. The only knowledge the answer may use. */
  passages: Passage[];
  /** UTF-16 units after which the provider stops with reason `length`. */
  maxOutputChars: number;
  /** Asked before every call to a model that costs; a provider that makes no such call never asks. */
  meter?: ModelMeter;
}

export type AnswerPart =
  | { type: 'text'; text: string }
  | {
      type: 'end';
      reason: 'complete' | 'length' | 'blocked' | 'no-answer';
      usage?: { inputTokens: number; outputTokens: number };
      /** What wrote the text, for provenance: a model name or `extractive`. */
      model: string;
      /** Why it was blocked, when that is a security event: the model repeated what it must not show. */
      finding?: 'prompt-leak';
    };

/**
 * Turns a question and passages into an answer.
 *
 * Promises: zero or more non-empty `text` parts, then exactly one `end`; the joined text carries citation markers `[n]`
 * (n counts `request.passages` from 1) right after the sentence they support; `no-answer` when the passages do not
 * answer; never more than `maxOutputChars` of text.
 *
 * Throws AppError `budget.spent` when the meter refuses, before anything was called, `provider.unavailable`, `provider.rate-limited` or `provider.rejected`, possibly after some text.
 * When the signal aborts, the iteration rejects with the signal's reason and the provider stops working.
 */
export abstract class AnswerProvider {
  /** Stable name for logs and provenance. */
  abstract readonly name: string;

  abstract answer(request: AnswerRequest, signal: AbortSignal): AsyncIterable<AnswerPart>;
}
