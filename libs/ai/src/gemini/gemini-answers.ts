import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '@app/kernel';
import { type AnswerPart, AnswerProvider, type AnswerRequest } from '../answer-provider';
import { CallMeter } from '../call-meter';
import { buildPrompt } from './gemini-prompt';
import { GeminiReading } from './gemini-reading';
import { describeFailure, type GeminiOptions, streamGemini } from './gemini-stream';

const MAX_ATTEMPTS = 3;
/** Doubled with each attempt, of which a random share is waited (full jitter). */
const BACKOFF_MS = 400;
/** A model that thinks spends tokens before the first word; a token is rarely less than a character. */
const MIN_OUTPUT_TOKENS = 2_048;
/** An endless stream of empty or thought parts ends here. */
const MAX_EVENTS = 20_000;

export interface GeminiAnswersOptions extends GeminiOptions {
  /** From the call to the last word, retries included. */
  timeoutSeconds: number;
}

/** Google's Gemini through its streaming API. Retries before the first word only; the visitor never sees one twice. */
export class GeminiAnswers extends AnswerProvider {
  readonly name = 'gemini';

  constructor(private readonly options: GeminiAnswersOptions) {
    super();
  }

  async *answer(request: AnswerRequest, signal: AbortSignal): AsyncIterable<AnswerPart> {
    signal.throwIfAborted();
    const deadline = Date.now() + this.options.timeoutSeconds * 1_000;
    const timeout = AbortSignal.timeout(this.options.timeoutSeconds * 1_000);
    const either = AbortSignal.any([signal, timeout]);
    for (let attempt = 1; ; attempt++) {
      let hasText = false;
      try {
        for await (const part of this.attempt(request, either)) {
          hasText ||= part.type === 'text';
          yield part;
        }
        return;
      } catch (error) {
        signal.throwIfAborted();
        const delay = this.retryDelay(error, attempt);
        if (hasText || delay === null || attempt === MAX_ATTEMPTS || Date.now() + delay > deadline)
          throw toAppError(error);
        await wait(delay, undefined, { signal: either }).catch(() => signal.throwIfAborted());
      }
    }
  }

  /** Milliseconds to wait before another attempt; null when another one cannot help. */
  private retryDelay(error: unknown, attempt: number): number | null {
    if (error instanceof AppError) return null;
    const { status, retryAfterMs } = describeFailure(error);
    if (status === null || (status !== 429 && status < 500)) return null;
    return (retryAfterMs ?? 0) + Math.random() * BACKOFF_MS * 2 ** (attempt - 1);
  }

  private async *attempt(request: AnswerRequest, signal: AbortSignal): AsyncIterable<AnswerPart> {
    const prompt = buildPrompt(request);
    const tokens = Math.max(MIN_OUTPUT_TOKENS, request.maxOutputChars);
    const reading = new GeminiReading(this.options.model, prompt, request.maxOutputChars);
    const texts = [prompt.system, ...prompt.turns.map(({ text }) => text)];
    const meter = await CallMeter.reserve(request.meter, this.options.model, texts, tokens);
    if (signal.aborted) meter.refused();
    signal.throwIfAborted();
    let events = 0;
    try {
      for await (const event of streamGemini(this.options, prompt, tokens, signal)) {
        meter.heard(event.text, event.usage);
        yield* reading.read(event);
        if (reading.hasEnded) return;
        if (++events > MAX_EVENTS) throw new Error('the stream does not end');
      }
    } catch (error) {
      if (describeFailure(error).status !== null) meter.refused();
      throw error;
    }
    yield* reading.close();
  }
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { status, retryAfterMs } = describeFailure(error);
  const retryAfterSeconds = retryAfterMs === null ? undefined : Math.ceil(retryAfterMs / 1_000);
  if (status === 429) {
    return new AppError('provider.rate-limited', {
      cause: error,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  return new AppError(status === 400 ? 'provider.rejected' : 'provider.unavailable', { cause: error });
}
