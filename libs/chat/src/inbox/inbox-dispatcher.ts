import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { EventAnswers } from '../sockets/event-answers';
import { onlyPayload } from '../sockets/only-payload';
import type { AgentSocket } from './agent-socket';
import { InboxEvents } from './inbox-events';
import { InboxSessions } from './inbox-sessions';

/** The one listener of a signed-in person's socket: counts, checks, validates, runs and acknowledges. */
@Injectable()
export class InboxDispatcher {
  constructor(
    private readonly answers: EventAnswers,
    private readonly events: InboxEvents,
    private readonly sessions: InboxSessions,
  ) {}

  /** Never rejects, whatever a client sends. */
  dispatch(socket: AgentSocket, event: unknown, args: unknown[]): Promise<void> {
    return this.answers.answer(args, async (payloads, requestId) => {
      this.sessions.countEvent(socket);
      await this.sessions.assertLive(socket);
      const handler = this.events.find(event);
      if (!handler) throw new AppError('event.unknown');
      return handler.handle({ socket, requestId, payload: await onlyPayload(handler.dto, payloads) });
    });
  }
}
