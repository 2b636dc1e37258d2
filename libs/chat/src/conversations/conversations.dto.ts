import type { AnswerOutcome, ChatMessage, MessageAuthor } from '@app/chat-protocol';
import { ApiProperty } from '@nestjs/swagger';

export class ConversationView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  embedId: string;

  @ApiProperty({ format: 'uuid' })
  visitorId: string;

  @ApiProperty({ enum: ['open', 'resolved'] })
  status: 'open' | 'resolved';

  @ApiProperty({ type: 'integer', description: 'Messages so far' })
  lastSeq: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class ConversationsPage {
  @ApiProperty({ type: [ConversationView], maxItems: 100 })
  items: ConversationView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export class CitationView {
  @ApiProperty({ type: 'integer', description: 'The number shown in the text as [1]' })
  marker: number;

  @ApiProperty({ format: 'uuid' })
  documentId: string;

  @ApiProperty()
  documentTitle: string;

  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ type: [String] })
  headingPath: string[];

  @ApiProperty()
  quote: string;

  @ApiProperty({ type: 'integer', required: false })
  page?: number;

  @ApiProperty({ required: false })
  url?: string;
}

export class MessageView implements ChatMessage {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer' })
  seq: number;

  @ApiProperty({ enum: ['visitor', 'assistant', 'agent', 'system'] })
  author: MessageAuthor;

  @ApiProperty({ description: 'Plain text, never markup to be rendered' })
  text: string;

  @ApiProperty({ type: [CitationView] })
  citations: CitationView[];

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ enum: ['answered', 'refused', 'stopped', 'failed', 'handed-off'], required: false })
  outcome?: AnswerOutcome;

  @ApiProperty({ format: 'uuid', required: false })
  inReplyTo?: string;

  @ApiProperty({ format: 'uuid', required: false })
  clientMessageId?: string;
}

export class MessagesPage {
  @ApiProperty({ type: [MessageView], maxItems: 100 })
  items: MessageView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

/** A row of `conversations`. */
export interface ConversationRow {
  id: string;
  embed_id: string;
  visitor_id: string;
  status: 'open' | 'resolved';
  last_seq: number;
  created_at: Date;
  updated_at: Date;
}

export const toConversationView = (row: ConversationRow): ConversationView => ({
  id: row.id,
  embedId: row.embed_id,
  visitorId: row.visitor_id,
  status: row.status,
  lastSeq: row.last_seq,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});
