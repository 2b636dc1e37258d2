import {
  GoogleGenerativeAI,
  type GenerateContentResponse,
  GoogleGenerativeAIFetchError,
  type Part,
  type UsageMetadata,
} from '@google/generative-ai';
import type { GeminiPrompt } from './gemini-prompt';

/** One event of the stream, reduced to what matters. */
export interface GeminiEvent {
  /** Without the model's thoughts. */
  text: string;
  finishReason?: string;
  /** Why the prompt was refused. */
  blockReason?: string;
  usage?: { inputTokens: number; outputTokens: number };
}

export interface GeminiOptions {
  /** Asked at each call. */
  apiKey: () => string;
  /** Without the API version, for example `https://generativelanguage.googleapis.com`. */
  baseUrl: string;
  model: string;
}

export interface GeminiFailure {
  /** HTTP status; null when there was no (valid) reply. */
  status: number | null;
  /** From google.rpc.RetryInfo. */
  retryAfterMs: number | null;
}

/**
 * The one file that knows Google's SDK. Upstream support ended, so its surprises are dealt with here: `text()` of a
 * response doubles multi-part chunks and includes thoughts, blocked prompts pass silently, its own timeout leaks a timer,
 * and the aggregated response is a second reader whose failure nobody would catch.
 */
export async function* streamGemini(
  options: GeminiOptions,
  prompt: GeminiPrompt,
  maxOutputTokens: number,
  signal: AbortSignal,
): AsyncIterable<GeminiEvent> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const model = new GoogleGenerativeAI(options.apiKey()).getGenerativeModel(
      { model: options.model, systemInstruction: prompt.system },
      { baseUrl: options.baseUrl, apiVersion: 'v1beta' },
    );
    const contents = prompt.turns.map(({ role, text }) => ({ role, parts: [{ text }] }));
    const generationConfig = { candidateCount: 1, temperature: 0.2, maxOutputTokens };
    const { stream, response } = await model.generateContentStream(
      { contents, generationConfig },
      { signal: stop.signal },
    );
    response.catch(() => undefined);
    for await (const chunk of stream) {
      signal.throwIfAborted();
      yield toEvent(chunk);
    }
  } finally {
    signal.removeEventListener('abort', abort);
    stop.abort();
  }
}

function toEvent(chunk: GenerateContentResponse): GeminiEvent {
  const error = embeddedError(chunk);
  if (error) throw error;
  const [candidate] = chunk.candidates ?? [];
  const { promptFeedback, usageMetadata: usage } = chunk;
  // An empty `content` is legal when the candidate was stopped, whatever the SDK's types say.
  const parts = (candidate?.content as { parts?: Part[] } | undefined)?.parts ?? [];
  return {
    text: parts.map(visibleText).join(''),
    ...(candidate?.finishReason && { finishReason: candidate.finishReason }),
    ...(promptFeedback?.blockReason && { blockReason: promptFeedback.blockReason }),
    ...(usage && { usage: toUsage(usage) }),
  };
}

/** The total holds the model's thoughts, which are paid for like its words and which the candidates' count leaves out. */
function toUsage({ promptTokenCount, candidatesTokenCount, totalTokenCount }: UsageMetadata): GeminiEvent['usage'] {
  const inputTokens = promptTokenCount ?? 0;
  return { inputTokens, outputTokens: Math.max(candidatesTokenCount ?? 0, (totalTokenCount ?? 0) - inputTokens) };
}

function visibleText(part: Part): string {
  const isThought = 'thought' in part && part.thought === true;
  return !isThought && typeof part.text === 'string' ? part.text : '';
}

/** A stream that began with 200 reports a later failure as an event. */
function embeddedError(chunk: object): Error | null {
  if (!('error' in chunk) || typeof chunk.error !== 'object' || chunk.error === null) return null;
  const { code, details } = chunk.error as { code?: number; details?: Record<string, unknown>[] };
  return new GoogleGenerativeAIFetchError('The stream reported an error', code, undefined, details);
}

export function describeFailure(error: unknown): GeminiFailure {
  if (!(error instanceof GoogleGenerativeAIFetchError)) return { status: null, retryAfterMs: null };
  const retry = error.errorDetails?.find((detail) => detail['@type']?.endsWith('google.rpc.RetryInfo'));
  const delay = retry?.['retryDelay'];
  const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined;
  return { status: error.status ?? null, retryAfterMs: seconds === undefined ? null : Number(seconds) * 1_000 };
}
