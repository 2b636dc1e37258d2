import { TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

/** `identityToken` and `altcha` of the protocol are not served yet and are refused like any unknown field. */
export class OpenEmbedSessionDto {
  @TextField({ max: 100 })
  embedKey: string;

  @TextField({ max: 100, optional: true, description: 'resumeToken of the last session; each works once' })
  resumeToken?: string;

  @TextField({ max: 2048, optional: true, description: 'The page the visitor is on; not stored' })
  pageUrl?: string;

  @TextField({ max: 35, optional: true, description: 'BCP 47 language tag' })
  locale?: string;
}

export class WidgetConfigView {
  @ApiProperty({ maxLength: 80 })
  title: string;

  @ApiProperty({ maxLength: 500 })
  greeting: string;

  @ApiProperty({ type: [String] })
  starterQuestions: string[];

  @ApiProperty({ maxLength: 500 })
  aiDisclosure: string;

  @ApiProperty({ type: 'integer' })
  maxMessageChars: number;
}

export class ConversationPositionView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer' })
  lastSeq: number;
}

export class EmbedSessionView {
  @ApiProperty({ maxLength: 2048, description: 'For the socket, as auth.token' })
  visitorToken: string;

  @ApiProperty({ format: 'date-time' })
  expiresAt: string;

  @ApiProperty({ maxLength: 100 })
  resumeToken: string;

  @ApiProperty({ type: ConversationPositionView, nullable: true })
  conversation: ConversationPositionView | null;

  @ApiProperty()
  config: WidgetConfigView;
}
