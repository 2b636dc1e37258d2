import { AuditLog } from '@app/audit';
import { MAX_QUEUED_QUESTIONS, type MessageSent } from '@app/chat-protocol';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, newId, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { AnswerStore } from '../answers/answer-store';
import type { ClaimedAnswer } from '../answers/claimed-answer';
import { SealedMessages } from './sealed-messages';

export interface Question {
  readonly visitorId: string;
  readonly embedId: string;
  readonly clientMessageId: string;
  readonly text: string;
}

export interface StoredQuestion {
  readonly sent: MessageSent;
  readonly createdAt: Date;
  /** False for a resend: nothing was stored now. */
  readonly isNew: boolean;
  /** The answer to write now, when none is being written. */
  readonly claimed: ClaimedAnswer | null;
}

/** Stores what visitors ask, each question once. */
@Injectable()
export class QuestionStore {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly answers: AnswerStore,
    private readonly sealed: SealedMessages,
  ) {}

  /**
   * One short transaction. The lock on the visitor's row makes the sends of one visitor take turns over all sockets
   * and nodes, so a resend always sees its first copy; the lock on the conversation's row keeps seq without gaps.
   * @throws AppError `conversation.busy` when the queue is full, `visitor.token-invalid` when the visitor was erased
   */
  add(ctx: WorkspaceContext, question: Question): Promise<StoredQuestion> {
    return this.db.run(ctx, async (tx) => {
      await this.lockVisitor(tx, ctx, question.visitorId);
      const first = await this.findSent(tx, ctx, question);
      if (first) return first;
      const conversationId = await this.lockConversation(tx, ctx, question);
      await this.refuseWhenBusy(tx, ctx, conversationId);
      const { sent, createdAt } = await this.insert(tx, ctx, conversationId, question);
      const claimed = await this.answers.claimNext(tx, ctx.workspaceId, conversationId);
      return { sent, createdAt, isNew: true, claimed };
    });
  }

  private async lockVisitor(tx: Tx, ctx: WorkspaceContext, visitorId: string): Promise<void> {
    const rows: unknown[] = await tx.query('select id from visitors where workspace_id = $1 and id = $2 for update', [
      ctx.workspaceId,
      visitorId,
    ]);
    if (rows.length === 0) throw new AppError('visitor.token-invalid');
  }

  private async findSent(tx: Tx, ctx: WorkspaceContext, question: Question): Promise<StoredQuestion | null> {
    const [row]: MessageRow[] = await tx.query(
      `select id, seq, conversation_id, created_at from messages
       where workspace_id = $1 and visitor_id = $2 and client_message_id = $3`,
      [ctx.workspaceId, question.visitorId, question.clientMessageId],
    );
    return row ? { ...toSent(row), isNew: false, claimed: null } : null;
  }

  private async lockConversation(tx: Tx, ctx: WorkspaceContext, question: Question): Promise<string> {
    const [open]: { id: string }[] = await tx.query(
      `select id from conversations where workspace_id = $1 and visitor_id = $2 and status = 'open'
       order by id desc limit 1 for update`,
      [ctx.workspaceId, question.visitorId],
    );
    if (open) return open.id;
    const conversationId = newId();
    await tx.query('insert into conversations (workspace_id, id, embed_id, visitor_id) values ($1, $2, $3, $4)', [
      ctx.workspaceId,
      conversationId,
      question.embedId,
      question.visitorId,
    ]);
    await this.audit.record(tx, ctx, 'conversation.started', { conversationId, embedId: question.embedId });
    return conversationId;
  }

  private async refuseWhenBusy(tx: Tx, ctx: WorkspaceContext, conversationId: string): Promise<void> {
    const [row]: { waiting: number }[] = await tx.query(
      `select count(*)::int as waiting from messages
       where workspace_id = $1 and conversation_id = $2 and status = 'waiting'`,
      [ctx.workspaceId, conversationId],
    );
    if (row && row.waiting >= MAX_QUEUED_QUESTIONS) throw new AppError('conversation.busy');
  }

  private async insert(
    tx: Tx,
    ctx: WorkspaceContext,
    conversationId: string,
    question: Question,
  ): Promise<Pick<StoredQuestion, 'sent' | 'createdAt'>> {
    const { workspaceId } = ctx;
    const id = newId();
    const text = this.sealed.sealText({ workspaceId, id }, question.text);
    const [row]: MessageRow[] = await tx.query(
      `with moved as (
         update conversations set last_seq = last_seq + 1, updated_at = now()
         where workspace_id = $1 and id = $2 returning last_seq
       )
       insert into messages (workspace_id, id, conversation_id, seq, author, text, visitor_id, client_message_id, status)
       select $1, $3, $2, last_seq, 'visitor', $4, $5, $6, 'waiting' from moved
       returning id, seq, conversation_id, created_at`,
      [workspaceId, conversationId, id, text, question.visitorId, question.clientMessageId],
    );
    if (!row) throw new Error('the locked conversation is not there');
    return toSent(row);
  }
}

interface MessageRow {
  id: string;
  seq: number;
  conversation_id: string;
  created_at: Date;
}

const toSent = (row: MessageRow): Pick<StoredQuestion, 'sent' | 'createdAt'> => ({
  sent: { messageId: row.id, seq: row.seq, conversationId: row.conversation_id },
  createdAt: row.created_at,
});
