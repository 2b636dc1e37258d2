import { CHAT_NAMESPACE } from '@app/chat-protocol';
import { Logger } from '@nestjs/common';
import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { EventDispatcher } from './event-dispatcher';
import { Handshake } from './handshake';
import { refusal } from './refusal';
import { SocketSessions } from './socket-sessions';
import { visitorRoom, VisitorRooms } from './visitor-rooms';
import type { ChatNamespace, VisitorSocket } from './visitor-socket';

/**
 * Where visitors' sockets arrive. It has no `@SubscribeMessage` on purpose: Nest adds listeners per handler and socket
 * (about 4 KB of heap each), while one `onAny` listener serves every event, unknown ones included.
 */
@WebSocketGateway({ namespace: CHAT_NAMESPACE })
export class ChatGateway implements OnGatewayInit<ChatNamespace>, OnGatewayConnection<VisitorSocket> {
  private readonly logger = new Logger(ChatGateway.name);

  constructor(
    private readonly handshake: Handshake,
    private readonly dispatcher: EventDispatcher,
    private readonly sessions: SocketSessions,
    private readonly rooms: VisitorRooms,
  ) {}

  afterInit(namespace: ChatNamespace): void {
    namespace.use((socket, next) => {
      this.handshake.admit(socket).then(
        () => next(),
        (error: unknown) => next(this.toRefusal(error)),
      );
    });
    this.rooms.attach(namespace);
    this.sessions.watch(namespace);
  }

  handleConnection(socket: VisitorSocket): void {
    void socket.join(visitorRoom(socket.data.claims.visitorId));
    socket.onAny((event: unknown, ...args: unknown[]) => void this.dispatcher.dispatch(socket, event, args));
  }

  private toRefusal(error: unknown): Error {
    const refused = refusal(error);
    if (refused.data.status >= 500) this.logger.error({ err: error }, 'handshake failed');
    return refused;
  }
}
