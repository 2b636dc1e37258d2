import { PageQuery, UuidField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import type { DisclosureEntry } from './disclosures';

export class DisclosuresQuery extends PageQuery {
  @UuidField({ optional: true, description: 'Of this visitor alone' })
  visitorId?: string;
}

export class DisclosureView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ format: 'uuid', maxLength: 36 })
  visitorId: string;

  @ApiProperty({ enum: ['shown', 'accepted'], description: 'Shown: the text was handed to the widget' })
  kind: 'shown' | 'accepted';

  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ maxLength: 64, description: 'SHA-256 of the text, hexadecimal' })
  textHash: string;

  @ApiProperty({ format: 'date-time', maxLength: 24 })
  createdAt: string;
}

export class DisclosuresPage {
  @ApiProperty({ type: [DisclosureView], maxItems: 100 })
  items: DisclosureView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toDisclosureView = ({ createdAt, ...entry }: DisclosureEntry): DisclosureView => ({
  id: entry.id,
  visitorId: entry.visitorId,
  kind: entry.kind,
  version: entry.version,
  textHash: entry.textHash,
  createdAt: createdAt.toISOString(),
});
