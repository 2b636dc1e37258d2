import { IntegerField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import type { EmbedKey } from './embed-key.entity';

const DAY_SECONDS = 86_400;
const MAX_OVERLAP_SECONDS = 30 * DAY_SECONDS;

export class RotateEmbedKeyDto {
  @IntegerField({
    min: 0,
    max: MAX_OVERLAP_SECONDS,
    default: 7 * DAY_SECONDS,
    description: 'How long the old key works beside the new one; 0 ends it at once',
  })
  overlapSeconds = 7 * DAY_SECONDS;
}

export class EmbedKeyView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ maxLength: 4, description: 'Last four characters of the key' })
  last4: string;

  @ApiProperty({ description: 'The key of the snippet; the others were replaced' })
  isCurrent: boolean;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', maxLength: 24, nullable: true, description: 'End of the overlap' })
  expiresAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', maxLength: 24, nullable: true, description: 'Last seen' })
  lastUsedAt: string | null;

  @ApiProperty({ type: String, maxLength: 280, nullable: true, description: 'The site it was last seen on' })
  lastOrigin: string | null;

  @ApiProperty({ type: String, maxLength: 253, nullable: true, description: 'Host of the page, as the page named it' })
  lastPageHost: string | null;

  @ApiProperty({ type: 'integer', description: 'Sessions opened and renewed with it' })
  sessionCount: number;
}

export class EmbedKeysPage {
  @ApiProperty({ type: [EmbedKeyView], maxItems: 100 })
  items: EmbedKeyView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export class RotatedEmbedKeyView {
  @ApiProperty()
  key: EmbedKeyView;

  @ApiProperty({ maxLength: 100, description: 'Shown this once; an identifier for web pages, not a secret' })
  embedKey: string;

  @ApiProperty({ maxLength: 2000, description: 'The script tag to paste' })
  snippet: string;
}

export const toEmbedKeyView = (key: EmbedKey): EmbedKeyView => ({
  id: key.id,
  last4: key.keyLast4,
  isCurrent: key.expiresAt === null,
  createdAt: key.createdAt.toISOString(),
  expiresAt: key.expiresAt?.toISOString() ?? null,
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  lastOrigin: key.lastOrigin,
  lastPageHost: key.lastPageHost,
  sessionCount: Number(key.sessionCount),
});
