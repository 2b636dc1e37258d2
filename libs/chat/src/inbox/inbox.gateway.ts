import { INBOX_NAMESPACE } from '@app/chat-protocol';
import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { admission } from '../sockets/admission';
import type { AgentSocket, InboxNamespace } from './agent-socket';
import { InboxDispatcher } from './inbox-dispatcher';
import { InboxHandshake } from './inbox-handshake';
import { InboxRooms, workspaceRoom } from './inbox-rooms';
import { InboxSessions } from './inbox-sessions';

/** Where the sockets of signed-in people arrive. Like `ChatGateway`, it has no `@SubscribeMessage` on purpose. */
@WebSocketGateway({ namespace: INBOX_NAMESPACE })
export class InboxGateway implements OnGatewayInit<InboxNamespace>, OnGatewayConnection<AgentSocket> {
  constructor(
    private readonly handshake: InboxHandshake,
    private readonly dispatcher: InboxDispatcher,
    private readonly sessions: InboxSessions,
    private readonly rooms: InboxRooms,
  ) {}

  afterInit(namespace: InboxNamespace): void {
    namespace.use(admission((socket: AgentSocket) => this.handshake.admit(socket)));
    this.rooms.attach(namespace);
    this.sessions.watch(namespace);
  }

  handleConnection(socket: AgentSocket): void {
    void socket.join(workspaceRoom(socket.data.ctx.workspaceId));
    socket.onAny((event: unknown, ...args: unknown[]) => void this.dispatcher.dispatch(socket, event, args));
  }
}
