import type { ChatMessage } from '@app/chat-protocol';
import { WorkspaceDb } from '@app/database';
import { AppError, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { ConversationRow } from './conversations.dto';
import { MESSAGE_COLUMNS, type MessageRow } from './message';
import { SealedMessages } from './sealed-messages';

interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** What the workspace's people may read of the conversations held through its embeds. */
@Injectable()
export class ConversationsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly sealed: SealedMessages,
  ) {}

  /** Newest first. */
  list(ctx: WorkspaceContext, { limit, cursor }: PageRequest): Promise<Page<ConversationRow>> {
    const before = cursor === undefined ? null : decodeCursor(cursor);
    return this.db.run(ctx, async (tx) => {
      const rows: ConversationRow[] = await tx.query(
        `select id, embed_id, visitor_id, status, last_seq, created_at, updated_at from conversations
         where workspace_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
        [ctx.workspaceId, before, limit + 1],
      );
      return toPage(rows, limit);
    });
  }

  /**
   * What was said, in order; an answer appears when it has ended.
   * @throws AppError `conversation.not-found`, `data.unreadable` when a stored message was tampered with
   */
  async messages(
    ctx: WorkspaceContext,
    conversationId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<ChatMessage>> {
    const after = cursor === undefined ? null : decodeCursor(cursor);
    const { items, nextCursor } = await this.db.run(ctx, async (tx) => {
      const known: unknown[] = await tx.query('select id from conversations where workspace_id = $1 and id = $2', [
        ctx.workspaceId,
        conversationId,
      ]);
      if (known.length === 0) throw new AppError('conversation.not-found');
      const rows: MessageRow[] = await tx.query(
        `select ${MESSAGE_COLUMNS} from messages
         where workspace_id = $1 and conversation_id = $2 and status <> 'generating' and seq > coalesce(
           (select seq from messages where workspace_id = $1 and conversation_id = $2 and id = $3), 0)
         order by seq limit $4`,
        [ctx.workspaceId, conversationId, after, limit + 1],
      );
      return toPage(rows, limit);
    });
    return { items: items.map((row) => this.sealed.open(ctx.workspaceId, row)), nextCursor };
  }
}
