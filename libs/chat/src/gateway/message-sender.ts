import { type ClientEvents, MAX_MESSAGE_CHARS, type MessageSent } from '@app/chat-protocol';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { AnswerRunner } from '../answers/answer.runner';
import { QuestionStore, type StoredQuestion } from '../conversations/question-store';
import type { EventCall } from './event-call';
import { VisitorRooms } from './visitor-rooms';

type MessageSend = ClientEvents['message-send']['payload'];

/** Stores what a visitor sends, starts its answer and tells the visitor's other tabs. */
@Injectable()
export class MessageSender {
  constructor(
    private readonly questions: QuestionStore,
    private readonly runner: AnswerRunner,
    private readonly rooms: VisitorRooms,
  ) {}

  /** @throws AppError `message.too-long`, `conversation.busy` */
  async send(call: EventCall<MessageSend>): Promise<MessageSent> {
    const { text } = call.payload;
    if (text.length > MAX_MESSAGE_CHARS) throw new AppError('message.too-long');
    const { visitorId, embedId } = call.socket.data.claims;
    const clientMessageId = call.payload.clientMessageId.toLowerCase();
    const stored = await this.questions.add(call.ctx, { visitorId, embedId, clientMessageId, text });
    if (stored.claimed) this.runner.start(stored.claimed);
    if (stored.isNew) this.tellOtherTabs(call, stored);
    return stored.sent;
  }

  private tellOtherTabs({ socket, payload }: EventCall<MessageSend>, { sent, createdAt }: StoredQuestion): void {
    this.rooms.emitToOthers({ visitorId: socket.data.claims.visitorId, socketId: socket.id }, 'message-added', {
      message: {
        id: sent.messageId,
        seq: sent.seq,
        author: 'visitor',
        text: payload.text,
        citations: [],
        createdAt: createdAt.toISOString(),
        clientMessageId: payload.clientMessageId.toLowerCase(),
      },
    });
  }
}
