import type { Ack, InboxClientEvents, InboxServerEvents } from '@app/chat-protocol';
import { io, type Socket } from 'socket.io-client';

type Heard = { [E in keyof InboxServerEvents]: { event: E; payload: InboxServerEvents[E] } }[keyof InboxServerEvents];

/** The inbox of somebody who is signed in, reduced to what goes over the wire. */
export class ChatAgent {
  readonly heard: Heard[] = [];

  private constructor(readonly socket: Socket) {
    // The server's events are the protocol's; a test that reads a field notices when they are not.
    socket.onAny((event, payload) => this.heard.push({ event, payload }));
  }

  static async connect(url: string, auth: { token: string; workspaceId: string }, origin: string): Promise<ChatAgent> {
    const agent = new ChatAgent(inboxSocket(url, auth, origin));
    await new Promise<void>((resolve, reject) => {
      agent.socket.once('connect', resolve);
      agent.socket.once('connect_error', reject);
    });
    return agent;
  }

  emit<E extends keyof InboxClientEvents>(
    event: E,
    payload: InboxClientEvents[E]['payload'],
  ): Promise<Ack<InboxClientEvents[E]['ack']>> {
    return this.emitRaw(event, payload) as Promise<Ack<InboxClientEvents[E]['ack']>>; // the protocol says so
  }

  /** Anything at all, also what the protocol does not know. */
  emitRaw(event: string, ...payloads: unknown[]): Promise<Ack<object>> {
    return this.socket.timeout(10_000).emitWithAck(event, ...payloads) as Promise<Ack<object>>; // every event is acked so
  }

  of<E extends keyof InboxServerEvents>(event: E): InboxServerEvents[E][] {
    return this.heard.flatMap((heard) => (heard.event === event ? [heard.payload as InboxServerEvents[E]] : [])); // the name decides
  }

  leave(): void {
    this.socket.disconnect();
  }
}

export const inboxSocket = (url: string, auth: Record<string, unknown>, origin?: string): Socket =>
  io(`${url}/inbox`, {
    transports: ['websocket'],
    auth,
    extraHeaders: origin === undefined ? {} : { origin },
    forceNew: true,
    reconnection: false,
  });
