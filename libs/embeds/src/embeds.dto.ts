import { BooleanField, EnumField, ListField, TextField, TimeField } from '@app/http';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { CHALLENGE_MODES, type ChallengeMode } from './challenge/challenge-mode';
import type { Embed } from './embed.entity';

const MAX_ORIGINS = 50;
const MAX_STARTERS = 6;

const COLOR = /^#[0-9a-f]{6}$/;
/** BCP 47 as far as languages, scripts and regions go. */
const LOCALE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/;
const COLOR_RULE = { message: 'must be a colour such as #0a7d5a' };

/** Texts left out get the defaults of `embed-config.ts`. */
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

  @TimeField({
    optional: true,
    nullable: true,
    description: 'From then on the keys answer like unknown ones and open chats close; null: never',
  })
  expiresAt?: string | null;

  @BooleanField({ optional: true, description: 'Only visitors whom your own server vouches for' })
  identityRequired?: boolean;

  @BooleanField({ optional: true, description: 'Visitors must accept the AI disclosure before they write' })
  requiresConsent?: boolean;

  @EnumField({
    values: CHALLENGE_MODES,
    optional: true,
    description:
      'When a new session costs the visitor’s device some work: never, when traffic is suspicious, or always',
  })
  challenge?: ChallengeMode;

  @TextField({ max: 80, trim: true, optional: true })
  title?: string;

  @TextField({ max: 500, trim: true, optional: true })
  greeting?: string;

  @ListField({ max: 200 }, { maxItems: MAX_STARTERS, optional: true })
  starterQuestions?: string[];

  @TextField({ max: 500, trim: true, optional: true, description: 'Tells visitors that a machine answers' })
  aiDisclosure?: string;

  @TextField({ min: 7, max: 7, optional: true, nullable: true, description: 'Such as #0a7d5a; null: the widget’s own' })
  @Matches(COLOR, COLOR_RULE)
  accentColor?: string | null;

  @TextField({ min: 7, max: 7, optional: true, nullable: true, description: 'Text on the accent; null: chosen by it' })
  @Matches(COLOR, COLOR_RULE)
  onAccentColor?: string | null;

  @EnumField({ values: ['left', 'right'], optional: true, nullable: true })
  position?: 'left' | 'right' | null;

  @TextField({ max: 60, trim: true, optional: true, nullable: true, description: 'The launcher’s name' })
  launcherLabel?: string | null;

  @TextField({ max: 35, optional: true, nullable: true, description: 'BCP 47 language tag, such as de or pt-BR' })
  @Matches(LOCALE, { message: 'must be a language tag such as de or pt-BR' })
  locale?: string | null;

  @EnumField({ values: ['ltr', 'rtl'], optional: true, nullable: true })
  direction?: 'ltr' | 'rtl' | null;
}

/** What is left out stays as it is. */
export class UpdateEmbedDto extends PartialType(CreateEmbedDto, { skipNullProperties: false }) {}

export class EmbedView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ maxLength: 100 })
  name: string;

  @ApiProperty({ maxLength: 4, description: 'Last four characters of the current key' })
  keyLast4: string;

  @ApiProperty({ type: [String], maxItems: MAX_ORIGINS })
  allowedOrigins: string[];

  @ApiProperty()
  isEnabled: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expiresAt: string | null;

  @ApiProperty()
  identityRequired: boolean;

  @ApiProperty()
  requiresConsent: boolean;

  @ApiProperty({ type: String, enum: CHALLENGE_MODES })
  challenge: ChallengeMode;

  @ApiProperty({ maxLength: 80 })
  title: string;

  @ApiProperty({ maxLength: 500 })
  greeting: string;

  @ApiProperty({ type: [String], maxItems: MAX_STARTERS })
  starterQuestions: string[];

  @ApiProperty({ maxLength: 500 })
  aiDisclosure: string;

  @ApiProperty({ type: 'integer', description: 'Rises with each other text of aiDisclosure' })
  disclosureVersion: number;

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

export class KilledEmbedsView {
  @ApiProperty({ type: 'integer', description: 'How many embeds there are, and whose visitors were disconnected' })
  count: number;
}

export const toEmbedView = (embed: Embed): EmbedView => ({
  id: embed.id,
  name: embed.name,
  keyLast4: embed.keyLast4,
  allowedOrigins: embed.allowedOrigins,
  isEnabled: embed.isEnabled,
  expiresAt: embed.expiresAt?.toISOString() ?? null,
  identityRequired: embed.identityRequired,
  requiresConsent: embed.requiresConsent,
  challenge: embed.challenge,
  title: embed.config.title,
  greeting: embed.config.greeting,
  starterQuestions: embed.config.starterQuestions,
  aiDisclosure: embed.config.aiDisclosure,
  disclosureVersion: embed.disclosureVersion,
  accentColor: embed.config.accentColor,
  onAccentColor: embed.config.onAccentColor,
  position: embed.config.position,
  launcherLabel: embed.config.launcherLabel,
  locale: embed.config.locale,
  direction: embed.config.direction,
  createdAt: embed.createdAt.toISOString(),
  updatedAt: embed.updatedAt.toISOString(),
});
