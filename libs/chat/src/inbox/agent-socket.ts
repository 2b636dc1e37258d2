import type { InboxServerEvents } from '@app/chat-protocol';
import type { UserContext, WorkspaceContext } from '@app/kernel';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import type { EventWindow } from '../sockets/event-window';

/** What the handshake found out about the socket of somebody who is signed in. */
interface AgentSocketData {
  readonly user: UserContext;
  readonly ctx: WorkspaceContext;
  /** Of the access token; a fresh one moves it. */
  expiresAt: Date;
  readonly eventWindow: EventWindow;
}

type ListenersOf<Events> = { [E in keyof Events]: (payload: Events[E]) => void };
type ToClient = ListenersOf<InboxServerEvents>;

/** Incoming events stay untyped: whatever a client sends is validated by the dispatcher before it has a type. */
export type AgentSocket = Socket<DefaultEventsMap, ToClient, DefaultEventsMap, AgentSocketData>;
export type InboxNamespace = Namespace<DefaultEventsMap, ToClient, DefaultEventsMap, AgentSocketData>;
