import { AppError } from '@app/kernel';
import { Injectable, type Type } from '@nestjs/common';
import { EventAnswers } from '../sockets/event-answers';
import { onlyPayload } from '../sockets/only-payload';
import { ChatEvents } from './chat-events';
import { type MessageCaller, MessageLimits } from './message-limits';
import { SocketSessions } from './socket-sessions';
import type { VisitorSocket } from './visitor-socket';

/** The one listener of a visitor's socket: limits, checks, validates, runs and acknowledges. */
@Injectable()
export class EventDispatcher {
  constructor(
    private readonly answers: EventAnswers,
    private readonly events: ChatEvents,
    private readonly sessions: SocketSessions,
    private readonly limits: MessageLimits,
  ) {}

  /** Never rejects, whatever a client sends. */
  dispatch(socket: VisitorSocket, event: unknown, args: unknown[]): Promise<void> {
    return this.answers.answer(args, (payloads, requestId) => this.run(socket, event, payloads, requestId));
  }

  private async run(socket: VisitorSocket, event: unknown, payloads: unknown[], requestId: string): Promise<object> {
    this.sessions.countEvent(socket);
    const { workspaceId, visitorId } = await this.sessions.assertLive(socket);
    const handler = this.events.find(event);
    const ctx = { workspaceId, actor: { type: 'visitor', id: visitorId }, requestId, ip: socket.data.ip } as const;
    if (event === 'message-send' || !handler) {
      return this.limits.counted(socket.data, async () => {
        if (!handler) throw new AppError('event.unknown');
        return handler.handle({ socket, ctx, payload: await onlyPayload(handler.dto, payloads) });
      });
    }
    return handler.handle({ socket, ctx, payload: await this.validate(handler.dto, payloads, socket.data) });
  }

  /** A malformed payload counts as a message. */
  private async validate<T extends object>(dto: Type<T>, payloads: unknown[], caller: MessageCaller): Promise<T> {
    try {
      return await onlyPayload(dto, payloads);
    } catch (error) {
      return this.limits.counted(caller, async () => {
        throw error;
      });
    }
  }
}
