import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { GeminiCall } from './gemini-call';

/** What the server does with one request. */
export type GeminiScenario = (call: GeminiCall, response: ServerResponse) => Promise<void> | void;

interface SaysOptions {
  finishReason?: string;
  /** Pause before each event. */
  delayMs?: number;
  /** Bytes a write: 1 splits every UTF-8 sequence and every `data:`. */
  bytesPerWrite?: number;
  /** Tokens the model says it has read and written: 100 and one a text when left out. */
  usage?: readonly [number, number];
}

const chunk = (text: string, extra: object = {}): object => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...extra }],
});

const event = (data: object): Buffer => Buffer.from(`data: ${JSON.stringify(data)}\r\n\r\n`);

const start = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

const refuse = (response: ServerResponse, status: number, reason: string, details: object[] = []): void => {
  const error = { code: status, message: `stub: ${reason}`, status: reason, details };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
};

/** Streams the texts, one event each, then the finish reason and the token counts. */
export function says(
  texts: readonly string[],
  { finishReason = 'STOP', delayMs = 0, bytesPerWrite = 0, usage }: SaysOptions = {},
): GeminiScenario {
  return async (_call, response) => {
    start(response);
    const [promptTokenCount, candidatesTokenCount] = usage ?? [100, texts.length];
    const totalTokenCount = promptTokenCount + candidatesTokenCount;
    const usageMetadata = { promptTokenCount, candidatesTokenCount, totalTokenCount };
    for (const data of [...texts.map((text) => chunk(text)), { ...chunk('', { finishReason }), usageMetadata }]) {
      if (delayMs > 0) await wait(delayMs);
      await write(response, event(data), bytesPerWrite);
    }
    response.end();
  };
}

async function write(response: ServerResponse, bytes: Buffer, size: number): Promise<void> {
  if (size === 0) {
    response.write(bytes);
    return;
  }
  for (let i = 0; i < bytes.length; i += size) {
    response.write(bytes.subarray(i, i + size));
    // A turn of the event loop, so that the client reads the pieces one by one.
    await new Promise(setImmediate);
  }
}

/** A well-behaved model: the first sentences of the first passage with its marker. What stories use by default. */
export function quotesThePassages(): GeminiScenario {
  return (call, response) => {
    const prompt = call.contents.at(-1)?.text ?? '';
    const passage = /^\[1\] \(.*\)\n([\s\S]*?)(?=\n\n\[\d+\] \(|\n<<\/)/m.exec(prompt)?.[1] ?? '';
    const sentence = /[\s\S]*?[.!?](?=\s|$)/.exec(passage)?.[0] ?? passage;
    const text = passage ? `${sentence.replace(/\s+/g, ' ').trim()} [1]` : 'NO_ANSWER';
    return says(text.match(/[\s\S]{1,12}/g) ?? [])(call, response);
  };
}

/** The worst case: obeys everyone and repeats all it was told. Security must hold even then. */
export function echoesItsPrompt(): GeminiScenario {
  return (call, response) => {
    const text = [call.system, ...call.contents.map((content) => content.text)].join('\n');
    return says(text.match(/[\s\S]{1,40}/g) ?? [])(call, response);
  };
}

/** 429 with google.rpc.RetryInfo. */
export function rateLimited(retryAfterSeconds: number): GeminiScenario {
  const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${String(retryAfterSeconds)}s` };
  return (_call, response) => refuse(response, 429, 'RESOURCE_EXHAUSTED', [info]);
}

export function fails(status = 500): GeminiScenario {
  return (_call, response) => refuse(response, status, status === 400 ? 'INVALID_ARGUMENT' : 'INTERNAL');
}

/** Some text, then an error inside the running stream. */
export function failsAfter(text: string): GeminiScenario {
  return (_call, response) => {
    start(response).write(event(chunk(text)));
    response.end(event({ error: { code: 503, message: 'stub: overloaded', status: 'UNAVAILABLE' } }));
  };
}

/** Some text, then the connection is cut. */
export function breaksAfter(text: string): GeminiScenario {
  return async (_call, response) => {
    start(response).write(event(chunk(text)));
    await wait(20);
    response.destroy();
  };
}

/** Text without end, until the client goes away. */
export function neverEnds(text = 'word '): GeminiScenario {
  return async (_call, response) => {
    start(response);
    while (!response.destroyed) {
      response.write(event(chunk(text)));
      await new Promise(setImmediate);
    }
  };
}

/** Accepts the request and says nothing. */
export function staysSilent(): GeminiScenario {
  return () => {};
}

/** An event that is not JSON. */
export function talksGibberish(before = ''): GeminiScenario {
  return (_call, response) => {
    start(response);
    if (before) response.write(event(chunk(before)));
    response.end('data: {"candidates": [{\r\n\r\n');
  };
}

export function blocksThePrompt(blockReason = 'PROHIBITED_CONTENT'): GeminiScenario {
  return (_call, response) => {
    start(response).end(event({ promptFeedback: { blockReason } }));
  };
}

/** A thought, a chunk of several parts, and an empty candidate: all legal. */
export function thinksAloud(thought: string, parts: readonly string[]): GeminiScenario {
  return (_call, response) => {
    const content = { role: 'model', parts: [{ text: thought, thought: true }, ...parts.map((text) => ({ text }))] };
    start(response).write(event({ candidates: [{ index: 0, content }] }));
    response.end(event({ candidates: [{ index: 0, finishReason: 'STOP' }] }));
  };
}
