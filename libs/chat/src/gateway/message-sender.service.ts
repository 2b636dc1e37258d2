import { type ChatMessage, type ClientEvents, MAX_MESSAGE_CHARS, type MessageSent } from '@app/chat-protocol';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { AnswerRunner } from '../answers/answer.runner';
import { QuestionStore, type StoredQuestion } from '../conversations/question-store';
import { InboxRooms } from '../inbox/inbox-rooms';
import { Consent } from './consent';
import { VisitorRooms } from './visitor-rooms';

/** What a visitor sends, on a socket or without one. */
export interface SentMessage {
  readonly from: { readonly visitorId: string; readonly embedId: string; readonly socketId?: string };
  readonly payload: ClientEvents['message-send']['payload'];
}

/** Stores what a visitor sends, starts its answer and tells the visitor's other tabs. */
@Injectable()
export class MessageSender {
  constructor(
    private readonly consent: Consent,
    private readonly questions: QuestionStore,
    private readonly runner: AnswerRunner,
    private readonly rooms: VisitorRooms,
    private readonly inbox: InboxRooms,
  ) {}

  /** @throws AppError `message.too-long`, `visitor.consent-required`, `conversation.busy` */
  async send(ctx: WorkspaceContext, { from, payload }: SentMessage): Promise<MessageSent> {
    const { text } = payload;
    if (text.length > MAX_MESSAGE_CHARS) throw new AppError('message.too-long');
    await this.consent.mustBeGiven(ctx, from);
    const { visitorId, embedId } = from;
    const clientMessageId = payload.clientMessageId.toLowerCase();
    const stored = await this.questions.add(ctx, { visitorId, embedId, clientMessageId, text });
    if (stored.claimed) this.runner.start(stored.claimed);
    if (stored.isNew) this.tellOthers(ctx, { from, payload: { clientMessageId, text } }, stored);
    return stored.sent;
  }

  /** The visitor's other tabs, and the people who watch. */
  private tellOthers(
    { workspaceId }: WorkspaceContext,
    { from, payload }: SentMessage,
    { sent, createdAt }: StoredQuestion,
  ): void {
    const message: ChatMessage = {
      id: sent.messageId,
      seq: sent.seq,
      author: 'visitor',
      text: payload.text,
      citations: [],
      createdAt: createdAt.toISOString(),
      clientMessageId: payload.clientMessageId,
    };
    this.rooms.emitToOthers(from, 'message-added', { message });
    this.inbox.tellMessage(workspaceId, sent.conversationId, message);
  }
}
