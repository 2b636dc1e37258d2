import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { ChatProblem, EmbedSession, EmbedSessionRequest, SessionProblem, WidgetConfig } from '@app/chat-protocol';
import { Server, type Socket } from 'socket.io';
import { FakeVisitor } from './fake-visitor';
import { REFUSAL, type ScriptedAnswer } from './scripted-answer';

export const CONFIG: WidgetConfig = {
  title: 'Fernwood Support',
  greeting: 'Hi there 👋\nHow can we help you today?',
  starterQuestions: ['How do I return an item?', 'Where is my order?', 'Which payment methods do you take?'],
  aiDisclosure: 'You are chatting with an AI assistant. It answers from our help documents and can make mistakes.',
  disclosureVersion: 1,
  requiresConsent: false,
  accentColor: null,
  onAccentColor: null,
  position: null,
  launcherLabel: null,
  locale: null,
  direction: null,
  maxMessageChars: 4000,
};

export const EMBED_KEY = 'cc_pub_fakefakefakefakefakefakefakefakefakefakefake';

/** What the widget sent with one acknowledged event. */
export interface SeenEvent {
  name: string;
  payload: Record<string, unknown>;
}

type Ack = (answer: unknown) => void;

/**
 * A small server that speaks the chat protocol by script: for stories about the widget alone, without a database and
 * with every fault on demand.
 */
export class FakeGateway {
  /** Every HTTP request: method and path. */
  readonly requests: string[] = [];
  readonly events: SeenEvent[] = [];
  readonly answers = new Map<string, ScriptedAnswer>();
  config = CONFIG;
  /** Answer every session request with this problem. */
  sessionProblem: (Partial<SessionProblem> & { status: number }) | undefined;
  /** Events that get no acknowledgement, this many times. */
  readonly swallow = new Map<string, number>();
  /** The next `message-send` is refused with this. */
  sendProblem: ChatProblem | undefined;
  tokenLifeMs = 15 * 60_000;
  private readonly visitors = new Map<string, FakeVisitor>();
  private readonly resumeTokens = new Map<string, string>();
  /** Which visitor accepted which version of the disclosure. */
  private readonly consents = new Set<string>();
  private readonly tokens = new Map<string, string>();
  private readonly http = createServer((request, response) => void this.answerHttp(request, response));
  private readonly io = new Server(this.http, { cors: { origin: true }, serveClient: false });

  private constructor(private readonly filesDir: string) {}

  /** @param filesDir the built widget */
  static async start(filesDir: string): Promise<FakeGateway> {
    const gateway = new FakeGateway(filesDir);
    gateway.listenToVisitors();
    gateway.http.listen(0, '127.0.0.1');
    await once(gateway.http, 'listening');
    return gateway;
  }

  get url(): string {
    // A TCP server that listens has an address of this shape.
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get scriptUrl(): string {
    return `${this.url}/widget/v1/customercare.js`;
  }

  async stop(): Promise<void> {
    for (const visitor of this.visitors.values()) visitor.stop();
    await this.io.close();
  }

  /** Cuts every socket, as a proxy or a tunnel does. */
  cutSockets(): void {
    for (const socket of this.io.of('/chat').sockets.values()) socket.conn.close();
  }

  /** Tells every visitor why, and closes the socket, as the real gateway does. */
  closeSessions(reason: string): void {
    for (const socket of this.io.of('/chat').sockets.values()) {
      socket.emit('session-closed', { reason });
      socket.disconnect(true);
    }
  }

  get socketCount(): number {
    return this.io.of('/chat').sockets.size;
  }

  /** Lets held answers go on. */
  release(): void {
    for (const visitor of this.visitors.values()) visitor.release();
  }

  /** Forgets what was seen and scripted, not who the visitors are. */
  reset(): void {
    this.requests.length = this.events.length = 0;
    this.answers.clear();
    this.swallow.clear();
    this.config = CONFIG;
    this.sessionProblem = this.sendProblem = undefined;
    this.tokenLifeMs = 15 * 60_000;
    this.release();
  }

  private async answerHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const { pathname } = new URL(url, this.url);
    this.requests.push(`${method} ${pathname}`);
    if (pathname.startsWith('/socket.io')) return;
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', 'content-type');
    if (method === 'OPTIONS') {
      response.writeHead(204).end();
    } else if (pathname === '/v1/embed/sessions') {
      await this.answerSession(request, response);
    } else if (pathname.startsWith('/widget/v1/')) {
      this.answerFile(basename(pathname), response);
    } else {
      response.writeHead(404).end();
    }
  }

  private answerFile(name: string, response: ServerResponse): void {
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    try {
      const bytes = readFileSync(join(this.filesDir, name));
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  private async answerSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as EmbedSessionRequest;
    const json = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (this.sessionProblem) {
      const { status } = this.sessionProblem;
      return json(status, { type: 'about:blank', title: 'No', code: 'fake', ...this.sessionProblem });
    }
    json(201, this.openSession(body));
  }

  private openSession({ resumeToken, acceptedDisclosureVersion }: EmbedSessionRequest): EmbedSession {
    const visitorId = this.resumeTokens.get(resumeToken ?? '') ?? randomUUID();
    const visitor = this.visitors.get(visitorId) ?? new FakeVisitor((...event) => this.emit(visitorId, ...event));
    this.visitors.set(visitorId, visitor);
    const consent = `${visitorId} ${this.config.disclosureVersion}`;
    if (acceptedDisclosureVersion === this.config.disclosureVersion) this.consents.add(consent);
    const hasConsent = this.consents.has(consent);
    const [visitorToken, nextResume] = [randomUUID(), `cc_res_${randomUUID()}`];
    this.tokens.set(visitorToken, visitorId);
    this.resumeTokens.set(nextResume, visitorId);
    return {
      visitorToken,
      expiresAt: new Date(Date.now() + this.tokenLifeMs).toISOString(),
      resumeToken: nextResume,
      conversation: visitor.position,
      isVerified: false,
      hasConsent,
      config: this.config,
    };
  }

  private emit(visitorId: string, name: string, payload: object): void {
    this.io.of('/chat').to(visitorId).emit(name, payload);
  }

  private listenToVisitors(): void {
    const chat = this.io.of('/chat');
    chat.use((socket, next) => {
      const visitorId = this.tokens.get(String(socket.handshake.auth['token']));
      socket.data = { visitorId };
      const problem = { type: 'about:blank', title: 'No', status: 401, code: 'visitor.token-invalid' };
      next(visitorId ? undefined : Object.assign(new Error('No'), { data: problem }));
    });
    chat.on('connection', (socket: Socket) => {
      const { visitorId } = socket.data as { visitorId: string };
      void socket.join(visitorId);
      socket.onAny((name: string, payload: Record<string, unknown>, ack: Ack) => {
        this.events.push({ name, payload });
        const left = this.swallow.get(name) ?? 0;
        if (left) this.swallow.set(name, left - 1);
        else ack(this.handle(visitorId, name, payload));
      });
    });
  }

  private handle(visitorId: string, name: string, payload: Record<string, unknown>): unknown {
    const visitor = this.visitors.get(visitorId);
    if (!visitor) throw new Error('unknown visitor');
    switch (name) {
      case 'message-send': {
        const problem = this.sendProblem;
        this.sendProblem = undefined;
        if (problem) return { ok: false, problem };
        const text = String(payload['text']);
        return { ok: true, data: visitor.ask(String(payload['clientMessageId']), text, this.scriptFor(text)) };
      }
      case 'conversation-sync':
        return { ok: true, data: visitor.sync(Number(payload['afterSeq'])) };
      case 'answer-stop':
        visitor.stopAnswer();
        return { ok: true, data: {} };
      default:
        return { ok: true, data: { expiresAt: new Date(Date.now() + this.tokenLifeMs).toISOString() } };
    }
  }

  private scriptFor(question: string): ScriptedAnswer {
    return this.answers.get(question) ?? REFUSAL;
  }
}
