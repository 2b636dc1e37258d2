import type { ServerEvents } from '@app/chat-protocol';
import type { VisitorClaims } from '@app/embeds';
import type { DefaultEventsMap, Namespace, Socket } from 'socket.io';
import type { EventWindow } from '../sockets/event-window';

/** What the handshake found out about a socket. */
interface VisitorSocketData {
  claims: VisitorClaims;
  ip: string;
  readonly eventWindow: EventWindow;
}

type ListenersOf<Events> = { [E in keyof Events]: (payload: Events[E]) => void };
type ToClient = ListenersOf<ServerEvents>;

/** Incoming events stay untyped: whatever a client sends is validated by the dispatcher before it has a type. */
export type VisitorSocket = Socket<DefaultEventsMap, ToClient, DefaultEventsMap, VisitorSocketData>;
export type ChatNamespace = Namespace<DefaultEventsMap, ToClient, DefaultEventsMap, VisitorSocketData>;
