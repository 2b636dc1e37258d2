import { randomUUID } from 'node:crypto';
import type {
  Ack,
  ChatMessage,
  ClientEvents,
  ConversationSync,
  EmbedSession,
  MessageSent,
  ServerEvents,
} from '@app/chat-protocol';
import { io, type Socket } from 'socket.io-client';
import { until } from './until';

type Heard = { [E in keyof ServerEvents]: { event: E; payload: ServerEvents[E] } }[keyof ServerEvents];

/** A browser tab reduced to what goes over the wire. */
export class ChatVisitor {
  /** Everything the server said, in order. */
  readonly heard: Heard[] = [];

  private constructor(
    readonly session: EmbedSession,
    readonly socket: Socket,
  ) {
    // The server's events are the protocol's; a test that reads a field notices when they are not.
    socket.onAny((event, payload) => this.heard.push({ event, payload }));
  }

  static async connect(url: string, session: EmbedSession, origin: string): Promise<ChatVisitor> {
    const visitor = new ChatVisitor(session, chatSocket(url, { token: session.visitorToken }, { origin }));
    await new Promise<void>((resolve, reject) => {
      visitor.socket.once('connect', resolve);
      visitor.socket.once('connect_error', reject);
    });
    return visitor;
  }

  emit<E extends keyof ClientEvents>(
    event: E,
    payload: ClientEvents[E]['payload'],
  ): Promise<Ack<ClientEvents[E]['ack']>> {
    return this.emitRaw(event, payload) as Promise<Ack<ClientEvents[E]['ack']>>; // the protocol says so
  }

  /** Anything at all, also what the protocol does not know. */
  emitRaw(event: string, ...payloads: unknown[]): Promise<Ack<object>> {
    return this.socket.timeout(10_000).emitWithAck(event, ...payloads) as Promise<Ack<object>>; // every event is acked so
  }

  async send(text: string, clientMessageId: string = randomUUID()): Promise<MessageSent> {
    const ack = await this.emit('message-send', { clientMessageId, text });
    if (!ack.ok) throw new Error(ack.problem.code);
    return ack.data;
  }

  async sync(afterSeq = 0): Promise<ConversationSync> {
    const ack = await this.emit('conversation-sync', { afterSeq });
    if (!ack.ok) throw new Error(ack.problem.code);
    return ack.data;
  }

  async history(): Promise<ChatMessage[]> {
    return (await this.sync()).messages;
  }

  of<E extends keyof ServerEvents>(event: E): ServerEvents[E][] {
    return this.heard.flatMap((heard) => (heard.event === event ? [heard.payload as ServerEvents[E]] : [])); // the name decides
  }

  /** Waits until the answer to this message has ended well. */
  async answerTo({ messageId }: MessageSent): Promise<ServerEvents['answer-end']> {
    await until(() => this.of('answer-end').some(({ inReplyTo }) => inReplyTo === messageId));
    const end = this.of('answer-end').find(({ inReplyTo }) => inReplyTo === messageId);
    if (!end) throw new Error('the answer has ended and is gone');
    return end;
  }

  async ask(text: string): Promise<ServerEvents['answer-end']> {
    return this.answerTo(await this.send(text));
  }

  /** Cuts the line without a word, as a dead network does. */
  cut(): void {
    this.socket.io.engine.close();
  }

  leave(): void {
    this.socket.disconnect();
  }
}

export function chatSocket(
  url: string,
  auth: Record<string, unknown>,
  {
    origin,
    transports = ['websocket'],
    query,
  }: { origin?: string; transports?: string[]; query?: Record<string, string> },
): Socket {
  return io(`${url}/chat`, {
    transports,
    auth,
    query,
    extraHeaders: origin === undefined ? {} : { origin },
    forceNew: true,
    reconnection: false,
  });
}

/** What a refused socket is told; a connected one rejects. */
export function refusalOf(socket: Socket): Promise<Error & { data?: { code?: string } }> {
  return new Promise((resolve, reject) => {
    socket.once('connect_error', (error) => {
      socket.disconnect();
      resolve(error);
    });
    socket.once('connect', () => reject(new Error('the socket was admitted')));
  });
}
