import type { IncomingMessage, ServerResponse } from 'node:http';
import { connectRedis } from '@app/cache';
import { MAX_SOCKET_PAYLOAD_BYTES, SOCKET_PATH } from '@app/chat-protocol';
import { isWebOrigin } from '@app/embeds';
import { AppError } from '@app/kernel';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import type { Server, ServerOptions } from 'socket.io';
import { ClientAddress, limitKeyOf, type TrustProxy } from './client-address';
import { refusal } from './refusal';
import { SocketSlots } from './socket-slots';

export interface SecureSocketOptions {
  /** null means one process: events need no carrier. */
  readonly redisUrl: string | null;
  /** Starts the channels, so that several installations can share one Redis. */
  readonly redisPrefix?: string;
  readonly trustProxy: TrustProxy;
  readonly socketsPerIp: number;
  /** On every answer to a polling request, refusals included: the ones the REST api sends. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The http half of an engine.io connection, as far as we look at it. */
interface EngineRequest extends IncomingMessage {
  _query?: Record<string, string | undefined>;
}

/** A stand-in without headers of its own when the request asks for a WebSocket. */
type EngineResponse = Partial<Pick<ServerResponse, 'setHeader'>>;

interface EngineSocket {
  readonly request: IncomingMessage;
  once(event: 'close', listener: () => void): unknown;
}

/** Parts of `server.engine` that socket.io leaves untyped. */
interface Engine {
  readonly clients: Record<string, EngineSocket | undefined>;
  use(middleware: (request: EngineRequest, response: EngineResponse, next: (error?: Error) => void) => void): void;
  on(event: 'connection', listener: (socket: EngineSocket) => void): unknown;
}

/**
 * Raw connections may outnumber admitted sockets for the moment between connecting and being refused; beyond this
 * factor an address is only holding connections open.
 */
const RAW_CONNECTIONS_PER_SOCKET = 3;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Socket.IO with every default closed. CORS protects no socket, so the Origin of each HTTP request is checked here for
 * form and constancy, and against the token at the handshake of the namespace.
 */
export class SecureSocketAdapter extends IoAdapter {
  private readonly addresses: ClientAddress;
  private readonly rawSlots: SocketSlots;
  private readonly redis: ReturnType<typeof connectRedis>[] = [];

  constructor(
    app: INestApplicationContext,
    private readonly options: SecureSocketOptions,
  ) {
    super(app);
    this.addresses = new ClientAddress(options.trustProxy);
    this.rawSlots = new SocketSlots(options.socketsPerIp * RAW_CONNECTIONS_PER_SOCKET);
  }

  // Nest types the server as `any`; the options of the gateway (its namespace) are Nest's to handle.
  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, { ...options, ...this.secureOptions() }) as Server;
    // socket.io declares the half of engine.io it uses itself; `Engine` names the parts we use.
    this.guardEngine(server.engine as unknown as Engine);
    // A client may join the default namespace without asking anybody; nothing lives there.
    server.use((_socket, next) => next(refusal(new AppError('route.not-found'))));
    this.connectNodes(server);
    return server;
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    // QUIT lets the commands of the closing adapter be answered first; cutting the connection would reject them.
    const closing = this.redis.splice(0).map((connection) => connection.quit().catch(() => connection.disconnect()));
    await Promise.all(closing);
  }

  private secureOptions(): Partial<ServerOptions> {
    return {
      path: SOCKET_PATH,
      serveClient: false,
      transports: ['websocket', 'polling'],
      allowEIO3: false,
      maxHttpBufferSize: MAX_SOCKET_PAYLOAD_BYTES,
      perMessageDeflate: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // For polling from the customer's page. No credentials: the token in the handshake is the only authority.
      cors: { origin: (origin, answer) => answer(null, isWebOrigin(origin)), methods: ['GET', 'POST'] },
      allowRequest: (request, answer) => answer(null, this.isAdmissible(request)),
    };
  }

  /** The first request of a connection. Synchronous, so that of many at once none slips past the count. */
  private isAdmissible(request: EngineRequest): boolean {
    // A token in the address ends up in logs (ASVS 5.0, 14.2.1).
    if (request._query?.['token'] !== undefined || request._query?.['auth'] !== undefined) return false;
    return isWebOrigin(request.headers.origin) && this.rawSlots.hasFree(this.keyOf(request));
  }

  private guardEngine(engine: Engine): void {
    engine.use((request, response, next) => {
      for (const [name, value] of this.options.headers) response.setHeader?.(name, value);
      const sid = request._query?.['sid'];
      const first = sid !== undefined && Object.hasOwn(engine.clients, sid) ? engine.clients[sid] : undefined;
      // allowRequest does not run again for a known sid, so a foreign page that learnt one is stopped here.
      const isSteady = !first || first.request.headers.origin === request.headers.origin;
      next(isSteady ? undefined : new Error('origin changed'));
    });
    engine.on('connection', (socket) => {
      const release = this.rawSlots.acquire(this.keyOf(socket.request));
      if (release) socket.once('close', release);
    });
  }

  private keyOf(request: IncomingMessage): string {
    return limitKeyOf(this.addresses.of(request.socket.remoteAddress ?? '', request.headers));
  }

  private connectNodes(server: Server): void {
    const { redisUrl, redisPrefix = '' } = this.options;
    if (redisUrl === null) return;
    const [publisher, subscriber] = [connectRedis(redisUrl), connectRedis(redisUrl)];
    this.redis.push(publisher, subscriber);
    server.adapter(createAdapter(publisher, subscriber, { key: `${redisPrefix}socket.io` }));
  }
}
