import { IntegerField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import { MessageView } from '../conversations/conversations.dto';
import { MAX_SEQ } from '../gateway/chat-events.dto';

export class ConversationQuery {
  /** As `conversation-sync` of the socket takes it. */
  @IntegerField({ min: 0, max: MAX_SEQ, default: 0, fromText: true })
  afterSeq = 0;
}

export class ActiveAnswerView {
  @ApiProperty({ format: 'uuid' })
  answerId: string;

  @ApiProperty({ format: 'uuid' })
  inReplyTo: string;

  @ApiProperty({ type: 'integer' })
  seq: number;

  @ApiProperty({ type: 'integer', description: 'Length of the text so far, in UTF-16 units' })
  offset: number;

  @ApiProperty({ description: 'Plain text, never markup to be rendered' })
  text: string;
}

export class ConversationSyncView {
  @ApiProperty({ type: [MessageView], maxItems: 500 })
  messages: MessageView[];

  @ApiProperty({ required: false, description: 'Ask again after the last seq received' })
  hasMore?: boolean;

  @ApiProperty({ type: ActiveAnswerView, required: false })
  activeAnswer?: ActiveAnswerView;
}
