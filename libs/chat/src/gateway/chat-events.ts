import type { ClientEvents, ConversationSync, MessageSent } from '@app/chat-protocol';
import { AppError } from '@app/kernel';
import { Injectable, type Type } from '@nestjs/common';
import { RunningAnswers } from '../answers/running-answers';
import { VisitorConversation } from '../conversations/visitor-conversation';
import { AnswerStopDto, ConversationSyncDto, MessageSendDto, TokenRenewDto } from './chat-events.dto';
import type { EventCall } from './event-call';
import { MessageSender } from './message-sender.service';
import { SocketSessions } from './socket-sessions';

export interface EventHandler<P extends object> {
  readonly dto: Type<P>;
  handle(call: EventCall<P>): Promise<object>;
}

type Handlers = {
  [E in keyof ClientEvents]: EventHandler<ClientEvents[E]['payload']> & {
    handle(call: EventCall<ClientEvents[E]['payload']>): Promise<ClientEvents[E]['ack']>;
  };
};

/** What each event of the protocol does. Payloads are validated and the token is checked before these run. */
@Injectable()
export class ChatEvents {
  private readonly handlers: Handlers = {
    'message-send': { dto: MessageSendDto, handle: (call) => this.send(call) },
    'answer-stop': { dto: AnswerStopDto, handle: (call) => this.stop(call) },
    'conversation-sync': { dto: ConversationSyncDto, handle: (call) => this.sync(call) },
    'token-renew': { dto: TokenRenewDto, handle: (call) => this.renew(call) },
  };

  constructor(
    private readonly sender: MessageSender,
    private readonly conversation: VisitorConversation,
    private readonly running: RunningAnswers,
    private readonly sessions: SocketSessions,
  ) {}

  /** Undefined for everything that is not an event of the protocol, inherited names included. */
  find(event: unknown): EventHandler<object> | undefined {
    if (typeof event !== 'string' || !Object.hasOwn(this.handlers, event)) return undefined;
    // The dispatcher validates against `dto` before it calls `handle`, which ties the two types together.
    return this.handlers[event as keyof ClientEvents];
  }

  private send({ socket, ctx, payload }: EventCall<ClientEvents['message-send']['payload']>): Promise<MessageSent> {
    const { visitorId, embedId } = socket.data.claims;
    return this.sender.send(ctx, { from: { visitorId, embedId, socketId: socket.id }, payload });
  }

  private async stop({ socket, ctx, payload }: EventCall<{ answerId: string }>): Promise<Record<string, never>> {
    const { visitorId } = socket.data.claims;
    const answerId = payload.answerId.toLowerCase();
    if (!(await this.conversation.hasAnswer(ctx, visitorId, answerId))) throw new AppError('answer.not-found');
    await this.running.stop(answerId);
    return {};
  }

  private sync({ socket, ctx, payload }: EventCall<{ afterSeq: number }>): Promise<ConversationSync> {
    return this.conversation.sync(ctx, socket.data.claims.visitorId, payload.afterSeq);
  }

  private async renew({ socket, payload }: EventCall<{ token: string }>): Promise<{ expiresAt: string }> {
    return { expiresAt: (await this.sessions.renew(socket, payload.token)).toISOString() };
  }
}
