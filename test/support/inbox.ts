import type { Ack, InboxServerEvents } from '@app/chat-protocol';
import { io, type Socket } from 'socket.io-client';
import { until } from './until';

/** Where the people of a company work, as `CORS_ORIGINS` of a stack names it. */
export const DASHBOARD = 'https://admin.example.com';

/** Somebody who watches a workspace's conversations, reduced to what goes over the wire. */
export class Inbox {
  readonly messages: InboxServerEvents['message-added'][] = [];
  closedBecause: string | null = null;

  private constructor(readonly socket: Socket) {
    socket.on('message-added', (event: InboxServerEvents['message-added']) => this.messages.push(event));
    socket.on('session-closed', ({ reason }: InboxServerEvents['session-closed']) => (this.closedBecause = reason));
  }

  static async open(url: string, token: string, workspaceId: string, origin = DASHBOARD): Promise<Inbox> {
    const inbox = new Inbox(inboxSocket(url, { token, workspaceId }, origin));
    await new Promise<void>((resolve, reject) => {
      inbox.socket.once('connect', resolve);
      inbox.socket.once('connect_error', reject);
    });
    return inbox;
  }

  emit<T>(event: string, payload: unknown): Promise<Ack<T>> {
    return this.socket.timeout(10_000).emitWithAck(event, payload) as Promise<Ack<T>>; // the server's ack shape
  }

  /** Waits for the end of the connection and says why the server ended it. */
  async closed(seconds: number): Promise<string | null> {
    await until(() => this.socket.disconnected, seconds, 'the end of the inbox');
    return this.closedBecause;
  }

  leave(): void {
    this.socket.disconnect();
  }
}

const inboxSocket = (url: string, auth: Record<string, unknown>, origin: string): Socket =>
  io(`${url}/inbox`, {
    transports: ['websocket'],
    auth,
    extraHeaders: { origin },
    forceNew: true,
    reconnection: false,
  });
