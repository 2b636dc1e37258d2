import type { AnswerPart } from '../answer-provider';
import { type GeminiPrompt, NO_ANSWER } from './gemini-prompt';
import type { GeminiEvent } from './gemini-stream';
import { LeakGuard } from './leak-guard';

type EndPart = Extract<AnswerPart, { type: 'end' }>;

const BLOCKED = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'LANGUAGE',
  'IMAGE_SAFETY',
]);

/** Turns the events of one stream into parts: holds back what may be a leak or a “no answer”, and counts. */
export class GeminiReading {
  hasEnded = false;
  private readonly guard: LeakGuard;
  /** What came so far while it may still be a “no answer”; null once it is an answer. */
  private start: string | null = '';
  private room: number;
  private usage: GeminiEvent['usage'];
  private finishReason: string | undefined;

  constructor(
    private readonly model: string,
    prompt: GeminiPrompt,
    maxChars: number,
  ) {
    this.guard = new LeakGuard(prompt.canaries);
    this.room = maxChars;
  }

  *read(event: GeminiEvent): Iterable<AnswerPart> {
    this.usage = event.usage ?? this.usage;
    this.finishReason = event.finishReason ?? this.finishReason;
    if (event.blockReason) {
      yield this.end('blocked');
      return;
    }
    const shown = this.guard.push(event.text);
    if (shown === null) yield { ...this.end('blocked'), finding: 'prompt-leak' };
    else yield* this.show(shown);
  }

  /** @throws Error for a stream that ended without saying anything. */
  *close(): Iterable<AnswerPart> {
    yield* this.show(this.guard.flush());
    const start = this.start?.trim();
    const isNoAnswer = start?.startsWith(NO_ANSWER) === true;
    if (start && !isNoAnswer) yield* this.take(start);
    if (this.hasEnded) return;
    yield this.end(this.endReason(start === '', isNoAnswer));
  }

  private endReason(isEmpty: boolean, isNoAnswer: boolean): EndPart['reason'] {
    if (BLOCKED.has(this.finishReason ?? '')) return 'blocked';
    if (isEmpty) throw new Error(`the stream ended without text (${this.finishReason ?? 'no reason'})`);
    if (isNoAnswer) return 'no-answer';
    return this.finishReason === 'MAX_TOKENS' ? 'length' : 'complete';
  }

  /** The first characters wait until they cannot be a “no answer” any more. */
  private *show(text: string): Iterable<AnswerPart> {
    if (this.start === null) {
      yield* this.take(text);
      return;
    }
    this.start += text;
    const begin = this.start.trimStart();
    if (NO_ANSWER.startsWith(begin.slice(0, NO_ANSWER.length))) return;
    this.start = null;
    yield* this.take(begin);
  }

  private *take(text: string): Iterable<AnswerPart> {
    if (text === '' || this.hasEnded) return;
    yield { type: 'text', text: cutAt(text, this.room) };
    if (text.length > this.room) yield this.end('length');
    this.room -= text.length;
  }

  private end(reason: EndPart['reason']): EndPart {
    this.hasEnded = true;
    return { type: 'end', reason, model: this.model, ...(this.usage && { usage: this.usage }) };
  }
}

/** Never half of a surrogate pair. */
function cutAt(text: string, length: number): string {
  const end = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) && length < text.length ? length - 1 : length;
  return text.slice(0, end);
}
