import type { Ack } from '@app/chat-protocol';
import { toProblem, validateDto } from '@app/http';
import { AppError, Clock, newId } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { ChatEvents } from './chat-events';
import { MessageLimits } from './message-limits';
import { SocketSessions } from './socket-sessions';
import type { VisitorSocket } from './visitor-socket';

type AckFunction = (ack: Ack<object>) => void;

/** Events of any kind one socket may send in a minute; a busy widget sends a tenth. */
const MAX_EVENTS_PER_MINUTE = 300;
/** Who sends this many more, though told to wait, is disconnected. */
const FLOOD_FACTOR = 2;
const MINUTE_MS = 60_000;

/**
 * The one listener of a socket: limits, checks, validates, runs and acknowledges. Whatever a client sends, the worst
 * that comes of it is a problem in its ack; nothing thrown gets past here.
 */
@Injectable()
export class EventDispatcher {
  private readonly logger = new Logger(EventDispatcher.name);

  constructor(
    private readonly events: ChatEvents,
    private readonly sessions: SocketSessions,
    private readonly limits: MessageLimits,
    private readonly clock: Clock,
  ) {}

  /** @param args what came with the event: payloads, then the ack function if the client wants an ack. Never rejects. */
  async dispatch(socket: VisitorSocket, event: unknown, args: unknown[]): Promise<void> {
    const last = args.at(-1);
    // Socket.IO puts its own function there and nothing else: functions do not cross the wire.
    const ack = typeof last === 'function' ? (last as AckFunction) : undefined;
    const payloads = ack ? args.slice(0, -1) : args;
    const requestId = newId();
    try {
      const data = await this.run(socket, event, payloads, requestId);
      ack?.({ ok: true, data });
    } catch (error) {
      const problem = toProblem(error, requestId);
      if (problem.status >= 500) this.logger.error({ err: error, requestId }, 'socket event failed');
      ack?.({ ok: false, problem });
    }
  }

  private async run(socket: VisitorSocket, event: unknown, payloads: unknown[], requestId: string): Promise<object> {
    this.countEvent(socket);
    const { workspaceId, visitorId } = await this.sessions.assertLive(socket);
    const handler = this.events.find(event);
    const isMessage = event === 'message-send' || !handler;
    if (isMessage) await this.limits.count(visitorId);
    if (!handler) throw new AppError('event.unknown');
    const payload = await this.validate(handler.dto, payloads, isMessage ? null : visitorId);
    const ctx = { workspaceId, actor: { type: 'visitor', id: visitorId }, requestId, ip: socket.data.ip } as const;
    return handler.handle({ socket, ctx, payload });
  }

  /** A malformed payload counts as a message, unless that was counted already (`countOn` null). */
  private async validate<T extends object>(dto: new () => T, payloads: unknown[], countOn: string | null): Promise<T> {
    try {
      if (payloads.length > 1) {
        throw new AppError('request.invalid', { errors: [{ path: '', message: 'must be one object' }] });
      }
      return await validateDto(dto, payloads[0]);
    } catch (error) {
      if (countOn !== null) await this.limits.count(countOn);
      throw error;
    }
  }

  /** In memory, per socket: a flood must not become a flood of the shared store. */
  private countEvent(socket: VisitorSocket): void {
    const { eventWindow } = socket.data;
    const now = this.clock.now().getTime();
    if (now - eventWindow.startedAt >= MINUTE_MS) Object.assign(eventWindow, { startedAt: now, count: 0 });
    eventWindow.count += 1;
    if (eventWindow.count <= MAX_EVENTS_PER_MINUTE) return;
    if (eventWindow.count > MAX_EVENTS_PER_MINUTE * FLOOD_FACTOR) this.sessions.close(socket, 'too-many-events');
    const retryAfterSeconds = Math.max(1, Math.ceil((eventWindow.startedAt + MINUTE_MS - now) / 1000));
    throw new AppError('limit.messages', { retryAfterSeconds });
  }
}
