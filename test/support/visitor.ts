import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { Ack, ChatMessage, ConversationSync, EmbedSession, MessageSent, ServerEvents } from '@app/chat-protocol';
import { call } from './admin';
import { until } from './until';

/** A visitor's browser reduced to what goes over the wire: a session and a socket, both with an Origin. */
export class Visitor {
  readonly ended: ServerEvents['answer-end'][] = [];
  readonly errors: ServerEvents['answer-error'][] = [];
  readonly deltas: ServerEvents['answer-delta'][] = [];

  private constructor(
    readonly session: EmbedSession,
    readonly socket: Socket,
  ) {
    socket.on('answer-end', (event: ServerEvents['answer-end']) => this.ended.push(event));
    socket.on('answer-error', (event: ServerEvents['answer-error']) => this.errors.push(event));
    socket.on('answer-delta', (event: ServerEvents['answer-delta']) => this.deltas.push(event));
  }

  static async openSession(url: string, embedKey: string, origin: string, resumeToken?: string): Promise<EmbedSession> {
    const answer = await call<EmbedSession>(url, 'POST', '/v1/embed/sessions', {
      body: { embedKey, ...(resumeToken && { resumeToken }) },
      headers: { origin },
    });
    if (answer.status !== 201 && answer.status !== 200)
      throw new Error(`session: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  static async arrive(url: string, embedKey: string, origin: string, resumeToken?: string): Promise<Visitor> {
    return Visitor.connect(url, await Visitor.openSession(url, embedKey, origin, resumeToken), origin);
  }

  static async connect(url: string, session: EmbedSession, origin: string): Promise<Visitor> {
    const visitor = new Visitor(session, chatSocket(url, session.visitorToken, origin));
    await new Promise<void>((resolve, reject) => {
      visitor.socket.once('connect', () => resolve());
      visitor.socket.once('connect_error', reject);
    });
    return visitor;
  }

  send(text: string, clientMessageId: string = randomUUID()): Promise<Ack<MessageSent>> {
    return this.emit<MessageSent>('message-send', { clientMessageId, text });
  }

  sync(afterSeq: number): Promise<Ack<ConversationSync>> {
    return this.emit<ConversationSync>('conversation-sync', { afterSeq });
  }

  emit<T>(event: string, payload: unknown): Promise<Ack<T>> {
    return this.socket.timeout(10_000).emitWithAck(event, payload) as Promise<Ack<T>>; // the server's ack shape
  }

  /** Asks and waits for the whole answer. */
  async ask(text: string, seconds = 40): Promise<ServerEvents['answer-end']> {
    const ack = await this.send(text);
    if (!ack.ok) throw new Error(`message-send: ${ack.problem.code}`);
    const { messageId } = ack.data;
    await until(
      () => [...this.ended, ...this.errors].some((event) => event.inReplyTo === messageId),
      seconds,
      `the answer to "${text}"`,
    );
    const end = this.ended.find((event) => event.inReplyTo === messageId);
    if (!end) throw new Error(`answer-error: ${this.errors.at(-1)?.problem.code}`);
    return end;
  }

  async history(): Promise<ChatMessage[]> {
    const ack = await this.sync(0);
    if (!ack.ok) throw new Error(`conversation-sync: ${ack.problem.code}`);
    return ack.data.messages;
  }

  leave(): void {
    this.socket.disconnect();
  }
}

export type Transport = 'websocket' | 'polling';

/** A raw socket as the widget opens it; with `origin` undefined, as a script would. More headers may come instead. */
export function chatSocket(
  url: string,
  token: string,
  origin?: string | Record<string, string>,
  transport: Transport = 'websocket',
): Socket {
  const headers = typeof origin === 'object' ? origin : { ...(origin && { origin }) };
  return io(`${url}/chat`, {
    transports: [transport],
    auth: { token },
    extraHeaders: headers,
    forceNew: true,
    reconnection: false,
  });
}
