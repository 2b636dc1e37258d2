import { type ChatMessage, type ClientEvents, MAX_MESSAGE_CHARS, type MessageSent } from '@app/chat-protocol';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { AnswerRunner } from '../answers/answer.runner';
import { QuestionStore, type StoredQuestion } from '../conversations/question-store';
import type { EventCall } from './event-call';
import { InboxRooms } from '../inbox/inbox-rooms';
import { VisitorRooms } from './visitor-rooms';

type MessageSend = ClientEvents['message-send']['payload'];

/** Stores what a visitor sends, starts its answer and tells the visitor's other tabs. */
@Injectable()
export class MessageSender {
  constructor(
    private readonly questions: QuestionStore,
    private readonly runner: AnswerRunner,
    private readonly rooms: VisitorRooms,
    private readonly inbox: InboxRooms,
  ) {}

  /** @throws AppError `message.too-long`, `conversation.busy` */
  async send(call: EventCall<MessageSend>): Promise<MessageSent> {
    const { text } = call.payload;
    if (text.length > MAX_MESSAGE_CHARS) throw new AppError('message.too-long');
    const { visitorId, embedId } = call.socket.data.claims;
    const clientMessageId = call.payload.clientMessageId.toLowerCase();
    const stored = await this.questions.add(call.ctx, { visitorId, embedId, clientMessageId, text });
    if (stored.claimed) this.runner.start(stored.claimed);
    if (stored.isNew) this.tellOthers(call, stored);
    return stored.sent;
  }

  /** The visitor's other tabs, and the people who watch. */
  private tellOthers({ socket, ctx, payload }: EventCall<MessageSend>, { sent, createdAt }: StoredQuestion): void {
    const message: ChatMessage = {
      id: sent.messageId,
      seq: sent.seq,
      author: 'visitor',
      text: payload.text,
      citations: [],
      createdAt: createdAt.toISOString(),
      clientMessageId: payload.clientMessageId.toLowerCase(),
    };
    const { visitorId } = socket.data.claims;
    this.rooms.emitToOthers({ visitorId, socketId: socket.id }, 'message-added', { message });
    this.inbox.tellMessage(ctx.workspaceId, sent.conversationId, message);
  }
}
