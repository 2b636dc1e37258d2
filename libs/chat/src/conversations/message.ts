import type { AnswerOutcome, ChatMessage, Citation, MessageAuthor } from '@app/chat-protocol';

/** A row of `messages` as visitors and agents may see it, once it is opened. */
export interface MessageRow {
  id: string;
  seq: number;
  author: MessageAuthor;
  /** Sealed, like `citations`: see `SealedMessages`. */
  text: string;
  citations: string | null;
  created_at: Date;
  outcome: AnswerOutcome | null;
  in_reply_to: string | null;
  client_message_id: string | null;
}

export const MESSAGE_COLUMNS = 'id, seq, author, text, citations, created_at, outcome, in_reply_to, client_message_id';

export const toChatMessage = (
  row: MessageRow,
  { text, citations }: { text: string; citations: Citation[] },
): ChatMessage => ({
  id: row.id,
  seq: row.seq,
  author: row.author,
  text,
  citations,
  createdAt: row.created_at.toISOString(),
  ...(row.outcome !== null && { outcome: row.outcome }),
  ...(row.in_reply_to !== null && { inReplyTo: row.in_reply_to }),
  ...(row.client_message_id !== null && { clientMessageId: row.client_message_id }),
});
