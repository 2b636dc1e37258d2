import {
  type Ack,
  CHAT_NAMESPACE,
  type ChatProblem,
  type ClientEvents,
  type ServerEvents,
  SOCKET_PATH,
} from '@app/chat-protocol';
import { Manager, type Socket, WebSocket as WebSocketTransport } from 'socket.io-client';
import { backoffMs } from './backoff';

export type ConnectionState = 'closed' | 'connecting' | 'online' | 'waiting';

export interface ConnectionPort {
  token(): string | undefined;
  changed(state: ConnectionState): void;
  /** The server refused the handshake. True: somebody else decides when to try again. */
  refused(problem: ChatProblem): boolean;
  received<E extends keyof ServerEvents>(event: E, payload: ServerEvents[E]): void;
}

/** A message without an answer after this long counts as lost. */
const ACK_TIMEOUT_MS = 8000;
/** Long enough for a slow phone network, short enough to reach polling within a quarter of a minute. */
const CONNECT_TIMEOUT_MS = 7000;
/** After this many failures without one success a proxy may be in the way of WebSockets. */
const FAILURES_BEFORE_POLLING = 2;

/** One Socket.IO connection that comes back by itself for as long as it is wanted. */
export class Connection {
  state: ConnectionState = 'closed';
  private readonly manager: Manager;
  private readonly socket: Socket;
  private attempt = 0;
  private wasOnline = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    apiUrl: string,
    private readonly pollingUrl: string,
    private readonly port: ConnectionPort,
  ) {
    const { origin, pathname } = new URL(apiUrl);
    this.manager = new Manager(origin, {
      path: pathname.replace(/\/$/, '') + SOCKET_PATH,
      transports: [WebSocketTransport],
      timeout: CONNECT_TIMEOUT_MS,
      autoConnect: false,
      // This class decides when: at once when the network or the tab is back.
      reconnection: false,
    });
    this.socket = this.manager.socket(CHAT_NAMESPACE, { auth: (give) => give({ token: port.token() }) });
    this.socket.on('connect', () => this.opened());
    this.socket.on('disconnect', () => this.retry());
    // The server puts the problem into `data` of the refusal; a failed connection has none.
    this.socket.on('connect_error', (error: Error & { data?: ChatProblem }) => this.failed(error.data));
    // Only the server can send here, and both sides are compiled against the same protocol.
    this.socket.onAny((event: keyof ServerEvents, payload: ServerEvents[keyof ServerEvents]) =>
      port.received(event, payload),
    );
  }

  /** Connects now, without waiting for the next attempt. Does nothing while a connection is there or on its way. */
  open(): void {
    if (this.state === 'online' || this.state === 'connecting') return;
    clearTimeout(this.timer);
    this.become('connecting');
    this.socket.connect();
  }

  close(): void {
    clearTimeout(this.timer);
    this.become('closed');
    this.socket.disconnect();
  }

  /** Gives up a connection that is of no use and makes a new one, at the earliest after so many seconds. */
  reopen(afterSeconds = 0): void {
    if (this.state === 'closed') return;
    this.become('waiting');
    this.socket.disconnect();
    this.retry(afterSeconds);
  }

  /** Sends an event and waits for its acknowledgement. Rejects when none comes in time. */
  async ask<E extends keyof ClientEvents>(
    event: E,
    payload: ClientEvents[E]['payload'],
  ): Promise<Ack<ClientEvents[E]['ack']>> {
    if (this.state !== 'online') throw new Error('offline');
    // The socket is not typed by event; both sides are compiled against the same protocol.
    const ack = (await this.socket.timeout(ACK_TIMEOUT_MS).emitWithAck(event, payload)) as Ack<ClientEvents[E]['ack']>;
    // A server that opens sockets but answers nothing must not be called again without a pause.
    this.attempt = 0;
    return ack;
  }

  private opened(): void {
    this.wasOnline = true;
    this.become('online');
  }

  private failed(problem: ChatProblem | undefined): void {
    if (problem?.code && this.port.refused(problem)) {
      this.become('closed');
      return;
    }
    if (!this.wasOnline && this.attempt + 1 === FAILURES_BEFORE_POLLING) void this.addPolling();
    this.retry(problem?.retryAfterSeconds);
  }

  private retry(afterSeconds = 0): void {
    if (this.state === 'closed') return;
    this.become('waiting');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), Math.max(backoffMs(this.attempt++, Math.random()), afterSeconds * 1000));
  }

  /** From the next attempt on, plain HTTP first; the engine moves to a WebSocket when one gets through. */
  private async addPolling(): Promise<void> {
    try {
      const { Fetch } = (await import(this.pollingUrl)) as typeof import('../polling/main');
      this.manager.opts.transports = [Fetch, WebSocketTransport];
    } catch {
      // The file did not come through either; WebSockets stay.
    }
  }

  private become(state: ConnectionState): void {
    if (this.state === state) return;
    this.state = state;
    this.port.changed(state);
  }
}
