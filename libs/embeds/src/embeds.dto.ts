import { ListField, TextField } from '@app/http';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import type { Embed } from './embed.entity';

const MAX_ORIGINS = 50;
const MAX_STARTERS = 6;

/** Texts left out get the defaults of `embeds.service.ts`. */
export class CreateEmbedDto {
  @TextField({ max: 100, trim: true })
  name: string;

  @ListField(
    { max: 300 },
    {
      maxItems: MAX_ORIGINS,
      optional: true,
      description:
        'Sites that may show the assistant: https://shop.example.com, or https://*.example.com. None: nobody.',
    },
  )
  allowedOrigins?: string[];

  @TextField({ max: 80, trim: true, optional: true })
  title?: string;

  @TextField({ max: 500, trim: true, optional: true })
  greeting?: string;

  @ListField({ max: 200 }, { maxItems: MAX_STARTERS, optional: true })
  starterQuestions?: string[];

  @TextField({ max: 500, trim: true, optional: true, description: 'Tells visitors that a machine answers' })
  aiDisclosure?: string;
}

/** What is left out stays as it is. */
export class UpdateEmbedDto extends PartialType(CreateEmbedDto, { skipNullProperties: false }) {}

export class EmbedView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ maxLength: 100 })
  name: string;

  @ApiProperty({ maxLength: 4, description: 'Last four characters of the key' })
  keyLast4: string;

  @ApiProperty({ type: [String], maxItems: MAX_ORIGINS })
  allowedOrigins: string[];

  @ApiProperty()
  isEnabled: boolean;

  @ApiProperty({ maxLength: 80 })
  title: string;

  @ApiProperty({ maxLength: 500 })
  greeting: string;

  @ApiProperty({ type: [String], maxItems: MAX_STARTERS })
  starterQuestions: string[];

  @ApiProperty({ maxLength: 500 })
  aiDisclosure: string;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class CreatedEmbedView {
  @ApiProperty()
  embed: EmbedView;

  @ApiProperty({ maxLength: 100, description: 'Shown this once; an identifier for web pages, not a secret' })
  embedKey: string;

  @ApiProperty({ maxLength: 2000, description: 'The script tag to paste' })
  snippet: string;
}

export class EmbedsPage {
  @ApiProperty({ type: [EmbedView], maxItems: 100 })
  items: EmbedView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toEmbedView = (embed: Embed): EmbedView => ({
  id: embed.id,
  name: embed.name,
  keyLast4: embed.keyLast4,
  allowedOrigins: embed.allowedOrigins,
  isEnabled: embed.isEnabled,
  title: embed.config.title,
  greeting: embed.config.greeting,
  starterQuestions: embed.config.starterQuestions,
  aiDisclosure: embed.config.aiDisclosure,
  createdAt: embed.createdAt.toISOString(),
  updatedAt: embed.updatedAt.toISOString(),
});
