import type { ActiveAnswer, ConversationSync } from '@app/chat-protocol';
import { WorkspaceDb } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { RunningAnswers } from '../answers/running-answers';
import { MESSAGE_COLUMNS, type MessageRow } from './message';
import { SealedMessages } from './sealed-messages';

interface Stored {
  readonly rows: MessageRow[];
  /** As the heartbeat last wrote it. */
  readonly active: ActiveAnswer | null;
}

/** The most of a conversation one sync may carry; about 2 MB at the very worst, some 100 KB in practice. */
const MAX_MESSAGES = 500;

/** What a visitor may read: the own open conversation and nothing else. */
@Injectable()
export class VisitorConversation {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly running: RunningAnswers,
    private readonly sealed: SealedMessages,
  ) {}

  /**
   * Everything whole after `afterSeq`, and the answer being written with its text so far.
   * @throws AppError `data.unreadable` when a stored message was tampered with
   */
  async sync(ctx: WorkspaceContext, visitorId: string, afterSeq: number): Promise<ConversationSync> {
    let stored = await this.read(ctx, visitorId, afterSeq);
    let activeAnswer = this.liveText(stored);
    if (stored.active && !activeAnswer) {
      const elsewhere = await this.running.askOthers(stored.active.answerId);
      // Nobody writes it: it has just ended here (a second read tells), or its process is dead.
      if (!elsewhere) stored = await this.read(ctx, visitorId, afterSeq);
      activeAnswer = elsewhere ?? this.liveText(stored) ?? stored.active;
    }
    return {
      messages: stored.rows.slice(0, MAX_MESSAGES).map((row) => this.sealed.open(ctx.workspaceId, row)),
      ...(stored.rows.length > MAX_MESSAGES && { hasMore: true }),
      ...(activeAnswer && { activeAnswer }),
    };
  }

  private liveText({ active }: Stored): ActiveAnswer | null {
    return (active && this.running.find(active.answerId)?.snapshot()) ?? null;
  }

  /** Whether the answer belongs to the visitor, ended or not. */
  hasAnswer(ctx: WorkspaceContext, visitorId: string, answerId: string): Promise<boolean> {
    return this.db.run(ctx, async (tx) => {
      const rows: unknown[] = await tx.query(
        `select m.id from messages m
           join conversations c on c.workspace_id = m.workspace_id and c.id = m.conversation_id
         where m.workspace_id = $1 and m.id = $2 and m.author = 'assistant' and c.visitor_id = $3`,
        [ctx.workspaceId, answerId, visitorId],
      );
      return rows.length > 0;
    });
  }

  private read(ctx: WorkspaceContext, visitorId: string, afterSeq: number): Promise<Stored> {
    return this.db.run(ctx, async (tx) => {
      const [open]: { id: string }[] = await tx.query(
        `select id from conversations where workspace_id = $1 and visitor_id = $2 and status = 'open'
         order by id desc limit 1`,
        [ctx.workspaceId, visitorId],
      );
      if (!open) return { rows: [], active: null };
      // One statement and so one snapshot: an answer is either among the messages or active, never both or neither.
      const all: (MessageRow & { status: string })[] = await tx.query(
        `select ${MESSAGE_COLUMNS}, status from messages
         where workspace_id = $1 and conversation_id = $2 and (seq > $3 or status = 'generating')
         order by seq limit $4`,
        [ctx.workspaceId, open.id, afterSeq, MAX_MESSAGES + 2],
      );
      const active = all.find(({ status }) => status === 'generating');
      return { rows: all.filter((row) => row !== active), active: active ? this.toActive(ctx, active) : null };
    });
  }

  private toActive({ workspaceId }: WorkspaceContext, row: MessageRow): ActiveAnswer {
    const text = this.sealed.openText({ workspaceId, id: row.id }, row.text);
    return { answerId: row.id, inReplyTo: row.in_reply_to ?? '', seq: row.seq, offset: text.length, text };
  }
}
