import { type AuditAction, AuditLog } from '@app/audit';
import type { AnswerOutcome, Citation } from '@app/chat-protocol';
import { type Tx, WorkspaceDb } from '@app/database';
import { type LimitWarning, releaseReservation } from '@app/embeds';
import { newId, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { ChatOptions } from '../chat-options';
import { SealedMessages } from '../conversations/sealed-messages';
import type { AnswerMeter } from './answer-meter';
import { type ClaimedAnswer, contextOf, type SealedTurn } from './claimed-answer';
import type { Provenance } from './provenance';

export interface FinishedAnswer {
  readonly text: string;
  readonly citations: Citation[];
  readonly outcome: AnswerOutcome;
  readonly provenance: Provenance | null;
  /** Settles what was spent on models. */
  readonly meter: AnswerMeter;
}

/** As it is stored: text and citations are sealed. */
interface SealedAnswer extends Omit<FinishedAnswer, 'citations'> {
  readonly citations: string | null;
}

export interface StoredAnswer {
  /** When the answer was begun; null when another process had declared it dead: nothing was written, nobody may be told. */
  readonly createdAt: Date | null;
  /** The next waiting question of the conversation, taken on in the same transaction. */
  readonly next: ClaimedAnswer | null;
  /** What its visitor is to be told of budgets. */
  readonly warnings: readonly LimitWarning[];
}

const AUDIT_ACTION: Readonly<Record<AnswerOutcome, AuditAction>> = {
  answered: 'answer.completed',
  refused: 'answer.refused',
  stopped: 'answer.stopped',
  failed: 'answer.failed',
  'handed-off': 'answer.completed',
};

/** Earlier turns the model is shown. */
const MAX_HISTORY = 6;
const DEFAULT_LEASE_SECONDS = 15;

/**
 * The life of an answer in the database. Invariant: a conversation with a waiting question has a generating answer, and
 * a generating answer has a lease. So whatever dies when, the sweeper finds it, and no question waits for ever.
 */
@Injectable()
export class AnswerStore {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly sealed: SealedMessages,
    private readonly options: ChatOptions,
  ) {}

  private get leaseSeconds(): number {
    return this.options.leaseSeconds ?? DEFAULT_LEASE_SECONDS;
  }

  /** How often a running answer must say that it lives: three times a lease. */
  get heartbeatMs(): number {
    return (this.leaseSeconds * 1000) / 3;
  }

  /**
   * Takes on the oldest waiting question unless an answer is being written. The caller holds the lock on the
   * conversation's row.
   */
  async claimNext(tx: Tx, workspaceId: string, conversationId: string): Promise<ClaimedAnswer | null> {
    const [question]: ClaimRow[] = await tx.query(
      `select m.id, m.author, m.text, c.embed_id, c.visitor_id, v.locale from messages m
         join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
         join visitors v on v.workspace_id = c.workspace_id and v.id = c.visitor_id
       where m.workspace_id = $1 and m.conversation_id = $2 and m.status = 'waiting' and not exists (
         select from messages g where g.workspace_id = $1 and g.conversation_id = $2 and g.status = 'generating')
       order by m.seq limit 1`,
      [workspaceId, conversationId],
    );
    if (!question) return null;
    const history = await this.readHistory(tx, workspaceId, conversationId);
    const answerId = newId();
    const nothingYet = this.sealed.sealText({ workspaceId, id: answerId }, '');
    const [inserted]: { seq: number }[] = await tx.query(
      `with taken as (
         update messages set status = 'complete' where workspace_id = $1 and id = $4
       ), moved as (
         update conversations set last_seq = last_seq + 1, updated_at = now()
         where workspace_id = $1 and id = $2 returning last_seq
       )
       insert into messages (workspace_id, id, conversation_id, seq, author, text, in_reply_to, status, lease_expires_at)
       select $1, $3, $2, last_seq, 'assistant', $6, $4, 'generating', now() + make_interval(secs => $5) from moved
       returning seq`,
      [workspaceId, conversationId, answerId, question.id, this.leaseSeconds, nothingYet],
    );
    if (!inserted) throw new Error('the claimed conversation is not there');
    const { id: questionId, author, text, embed_id: embedId, visitor_id: visitorId, locale } = question;
    return {
      workspaceId,
      conversationId,
      embedId,
      visitorId,
      answerId,
      seq: inserted.seq,
      questionId,
      turns: { question: { id: questionId, author, text }, history },
      locale,
    };
  }

  /** Stores how the answer ended, settles what it spent and takes on the next question. */
  finish(answer: ClaimedAnswer, finished: FinishedAnswer): Promise<StoredAnswer> {
    const key = { workspaceId: answer.workspaceId, id: answer.answerId };
    const text = this.sealed.sealText(key, finished.text);
    const citations = this.sealed.sealCitations(key, finished.citations);
    const end = (): Promise<StoredAnswer> =>
      this.db.run(contextOf(answer), (tx) => this.store(tx, answer, { ...finished, text, citations }));
    return finished.meter.end(end);
  }

  private async store(tx: Tx, answer: ClaimedAnswer, finished: SealedAnswer): Promise<StoredAnswer> {
    const { workspaceId, conversationId, answerId } = answer;
    await this.lockConversation(tx, workspaceId, conversationId);
    const [stored]: { created_at: Date }[] = await tx.query(
      `with done as (
         update messages set text = $3, citations = $4, outcome = $5, provenance = $6::jsonb,
           status = 'complete', lease_expires_at = null
         where workspace_id = $1 and id = $2 and status = 'generating' returning created_at
       ) select created_at from done`,
      [
        ...[workspaceId, answerId, finished.text, finished.citations, finished.outcome],
        JSON.stringify(finished.provenance),
      ],
    );
    if (!stored) return { createdAt: null, next: null, warnings: [] };
    const finding = finished.provenance?.finding;
    await this.audit.record(tx, contextOf(answer), AUDIT_ACTION[finished.outcome], {
      conversationId,
      answerId,
      ...(finding && { finding }),
    });
    const warnings = await finished.meter.settle(tx);
    return { createdAt: stored.created_at, next: await this.claimNext(tx, workspaceId, conversationId), warnings };
  }

  /**
   * Says that the answer is still being written and keeps its text so far for readers on other nodes.
   * @returns false when the answer was declared dead
   */
  heartbeat(answer: ClaimedAnswer, text: string): Promise<boolean> {
    const { workspaceId, answerId } = answer;
    const sealed = this.sealed.sealText({ workspaceId, id: answerId }, text);
    return this.db.run(contextOf(answer), async (tx) => {
      const alive: unknown[] = await tx.query(
        `with alive as (
           update messages set text = $3, lease_expires_at = now() + make_interval(secs => $4)
           where workspace_id = $1 and id = $2 and status = 'generating' returning id
         ) select id from alive`,
        [workspaceId, answerId, sealed, this.leaseSeconds],
      );
      return alive.length > 0;
    });
  }

  /**
   * Declares an answer dead whose lease is over, unless its process came back in the meantime.
   * @returns null when there is nothing to declare
   */
  expire(expired: { workspaceId: string; conversationId: string; messageId: string }): Promise<ExpiredAnswer | null> {
    const { workspaceId, conversationId, messageId } = expired;
    const ctx = systemContext(workspaceId);
    return this.db.run(ctx, async (tx) => {
      await this.lockConversation(tx, workspaceId, conversationId);
      const [dead]: { in_reply_to: string; visitor_id: string }[] = await tx.query(
        `with dead as (
           update messages set outcome = 'failed', status = 'complete', lease_expires_at = null
           where workspace_id = $1 and id = $2 and status = 'generating' and lease_expires_at < now()
           returning in_reply_to
         ) select dead.in_reply_to, c.visitor_id from dead, conversations c where c.workspace_id = $1 and c.id = $3`,
        [workspaceId, messageId, conversationId],
      );
      if (!dead) return null;
      await releaseReservation(tx, { workspaceId, answerId: messageId });
      await this.audit.record(tx, ctx, 'answer.failed', { conversationId, answerId: messageId });
      const next = await this.claimNext(tx, workspaceId, conversationId);
      return { answerId: messageId, visitorId: dead.visitor_id, inReplyTo: dead.in_reply_to, next };
    });
  }

  private async lockConversation(tx: Tx, workspaceId: string, conversationId: string): Promise<void> {
    await tx.query('select from conversations where workspace_id = $1 and id = $2 for update', [
      workspaceId,
      conversationId,
    ]);
  }

  /** Only what was said to the end; what failed or was refused would teach the model to fail and to refuse. */
  private async readHistory(tx: Tx, workspaceId: string, conversationId: string): Promise<SealedTurn[]> {
    const rows: SealedTurn[] = await tx.query(
      `select id, author, text from messages
       where workspace_id = $1 and conversation_id = $2 and status = 'complete'
         and (author = 'visitor' or (author = 'assistant' and outcome in ('answered', 'stopped')))
       order by seq desc limit $3`,
      [workspaceId, conversationId, MAX_HISTORY],
    );
    return rows.reverse();
  }
}

export interface ExpiredAnswer {
  readonly answerId: string;
  readonly visitorId: string;
  readonly inReplyTo: string;
  readonly next: ClaimedAnswer | null;
}

interface ClaimRow extends SealedTurn {
  embed_id: string;
  visitor_id: string;
  locale: string | null;
}
