import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GeminiCall } from './gemini-call';
import type { GeminiScenario } from './gemini-scenarios';
import { quotesThePassages } from './gemini-scenarios';

interface GenerateBody {
  systemInstruction?: { parts?: { text?: string }[] };
  contents?: { role?: string; parts?: { text?: string }[] }[];
}

/**
 * Speaks Gemini's REST protocol on 127.0.0.1, so that the real client can be tested against everything the real service
 * may do. Scenarios are played one a request, in order; the last one repeats.
 */
export class GeminiServer {
  /** Every request, oldest first. */
  readonly calls: GeminiCall[] = [];
  /** Connections the client closed before the reply was complete. */
  abortedCount = 0;
  private scenarios: GeminiScenario[] = [quotesThePassages()];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<GeminiServer> {
    const server = createServer();
    const gemini = new GeminiServer(server);
    server.on('request', (request, response) => void gemini.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return gemini;
  }

  /** For `GEMINI_BASE_URL`. */
  get baseUrl(): string {
    // A server that listens on TCP has an AddressInfo.
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  get requestCount(): number {
    return this.calls.length;
  }

  play(...scenarios: GeminiScenario[]): void {
    this.scenarios = scenarios;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, model, method] = /\/models\/([^/:]+):(\w+)/.exec(request.url ?? '') ?? [];
    const body = await readJson(request);
    if (!model || !method || !body) {
      response.writeHead(404).end();
      return;
    }
    response.on('close', () => {
      if (!response.writableFinished) this.abortedCount += 1;
    });
    const call = toCall(model, method, request.headers['x-goog-api-key'], body);
    this.calls.push(call);
    const scenario = this.scenarios.length > 1 ? this.scenarios.shift() : this.scenarios[0];
    await scenario?.(call, response);
  }
}

function toCall(model: string, method: string, key: string | string[] | undefined, body: GenerateBody): GeminiCall {
  const join = (parts: { text?: string }[] = []): string => parts.map(({ text }) => text ?? '').join('');
  const contents = (body.contents ?? []).map(({ role, parts }) => ({ role: role ?? '', text: join(parts) }));
  const apiKey = Array.isArray(key) ? key[0] : key;
  return { model, method, apiKey, system: join(body.systemInstruction?.parts), contents };
}

async function readJson(request: IncomingMessage): Promise<GenerateBody | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as GenerateBody;
  } catch {
    return null;
  }
}
