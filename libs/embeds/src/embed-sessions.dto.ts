import { IntegerField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

export class OpenEmbedSessionDto {
  @TextField({ max: 100 })
  embedKey: string;

  @TextField({ max: 100, optional: true, description: 'resumeToken of the last session; each works once' })
  resumeToken?: string;

  @TextField({ max: 4096, optional: true, description: 'JWT in which your server vouches for the visitor; works once' })
  identityToken?: string;

  @IntegerField({
    min: 1,
    max: 2_147_483_647,
    optional: true,
    description: 'The disclosureVersion the visitor accepted',
  })
  acceptedDisclosureVersion?: number;

  @TextField({ max: 2048, optional: true, description: 'The solved challenge of challenge.required; works once' })
  altcha?: string;

  @TextField({ max: 2048, optional: true, description: 'The page the visitor is on; its host alone is kept' })
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
  disclosureVersion: number;

  @ApiProperty({ description: 'Whether messages are refused until the disclosure is accepted' })
  requiresConsent: boolean;

  @ApiProperty({ type: String, maxLength: 7, nullable: true })
  accentColor: string | null;

  @ApiProperty({ type: String, maxLength: 7, nullable: true })
  onAccentColor: string | null;

  @ApiProperty({ type: String, enum: ['left', 'right'], nullable: true })
  position: 'left' | 'right' | null;

  @ApiProperty({ type: String, maxLength: 60, nullable: true })
  launcherLabel: string | null;

  @ApiProperty({ type: String, maxLength: 35, nullable: true })
  locale: string | null;

  @ApiProperty({ type: String, enum: ['ltr', 'rtl'], nullable: true })
  direction: 'ltr' | 'rtl' | null;

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

  @ApiProperty({ description: 'Whether your server has vouched for the visitor' })
  isVerified: boolean;

  @ApiProperty({ description: 'Whether the visitor has accepted the current disclosure' })
  hasConsent: boolean;

  @ApiProperty()
  config: WidgetConfigView;
}
