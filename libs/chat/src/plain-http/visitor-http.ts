import type { Readable } from 'node:stream';
import type { ConversationSync } from '@app/chat-protocol';
import type { VisitorCaller } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { VisitorConversation } from '../conversations/visitor-conversation';
import { MessageLimits } from '../gateway/message-limits';
import { type MessageRequest, MessageStreams } from './message-streams';

/** What a visitor may do without a socket. Messages count like those of sockets, before anything is stored. */
@Injectable()
export class VisitorHttp {
  constructor(
    private readonly limits: MessageLimits,
    private readonly streams: MessageStreams,
    private readonly conversation: VisitorConversation,
  ) {}

  /** @throws AppError as `MessageLimits.counted` and `MessageStreams.send` */
  async send(
    ctx: WorkspaceContext,
    visitor: VisitorCaller,
    request: Omit<MessageRequest, 'warnings'>,
  ): Promise<Readable> {
    return this.limits.counted({ claims: visitor, ip: ctx.ip ?? '' }, (warnings) =>
      this.streams.send(ctx, visitor, { ...request, warnings }),
    );
  }

  read(ctx: WorkspaceContext, { visitorId }: VisitorCaller, afterSeq: number): Promise<ConversationSync> {
    return this.conversation.sync(ctx, visitorId, afterSeq);
  }
}
