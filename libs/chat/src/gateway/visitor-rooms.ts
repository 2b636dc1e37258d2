import type { ServerEvents } from '@app/chat-protocol';
import { Injectable } from '@nestjs/common';
import type { ChatNamespace } from './visitor-socket';
import { type Said, VisitorStreams } from './visitor-streams';

/**
 * Where the server speaks to a visitor: one room a visitor, so that every tab on every node hears the same. A visitor
 * has one conversation at a time, and each event names its answer, so no room per conversation is needed.
 */
@Injectable()
export class VisitorRooms {
  private namespace: ChatNamespace | undefined;

  constructor(private readonly streams: VisitorStreams) {}

  /** The gateway hands over the namespace when sockets are ready. */
  attach(namespace: ChatNamespace): void {
    this.namespace = namespace;
  }

  /** To all sockets of the visitor, on all nodes. Nobody there: nobody hears it, and sync tells it later. */
  emit<E extends keyof ServerEvents>(visitorId: string, event: E, payload: ServerEvents[E]): void {
    this.send(this.namespace?.to(visitorRoom(visitorId)), event, payload);
    this.streams.tell(visitorId, { event, payload } as Said); // the signature ties event and payload together
  }

  /** The same, but not to the socket that caused it, if it was one. Who listens without a socket caused it themselves. */
  emitToOthers<E extends keyof ServerEvents>(
    { visitorId, socketId }: { visitorId: string; socketId?: string },
    event: E,
    payload: ServerEvents[E],
  ): void {
    const room = this.namespace?.to(visitorRoom(visitorId));
    this.send(socketId === undefined ? room : room?.except(socketId), event, payload);
  }

  private send<E extends keyof ServerEvents>(
    target: Pick<ChatNamespace, 'emit'> | undefined,
    event: E,
    payload: ServerEvents[E],
  ): void {
    // Socket.IO's overloads do not follow a generic event name; the signature of this method has tied both together.
    (target as { emit(event: string, payload: unknown): unknown } | undefined)?.emit(event, payload);
  }
}

export const visitorRoom = (visitorId: string): string => `visitor:${visitorId}`;
