import { BooleanField, ListField, TextField } from '@app/http';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { errorTitleOf } from '../error-title';
import type { DocumentStatus } from '../versions/document-version.entity';
import type { SnippetState } from './find-snippet';

const WORDING = { min: 3, max: 300 };
const MAX_ALTERNATIVES = 20;
/** As long as an answer by a model may be. */
const MAX_ANSWER_CHARS = 4_000;
const LANGUAGE = /^[a-z]{2}$/;

export class CreateSnippetDto {
  @TextField({ ...WORDING, trim: true })
  question: string;

  @ListField(WORDING, { maxItems: MAX_ALTERNATIVES, optional: true, description: 'Other wordings of the question' })
  alternatives?: string[];

  @TextField({ max: MAX_ANSWER_CHARS, trim: true, description: 'Markdown' })
  answer: string;

  @BooleanField({ optional: true, description: 'Given word for word to exactly this question or one of its wordings' })
  isCanned?: boolean;

  @TextField({ min: 2, max: 2, optional: true, nullable: true, description: 'ISO 639-1; null: told from the text' })
  @Matches(LANGUAGE, { message: 'must be a language code such as de' })
  language?: string | null;
}

/** What is left out stays as it is. */
export class UpdateSnippetDto extends PartialType(CreateSnippetDto, { skipNullProperties: false }) {}

export class SnippetView {
  @ApiProperty({ format: 'uuid', description: 'Also the documentId of what is found of it' })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Rises with every change' })
  version: number;

  @ApiProperty({ maxLength: WORDING.max })
  question: string;

  @ApiProperty({ type: [String], maxItems: MAX_ALTERNATIVES })
  alternatives: string[];

  @ApiProperty({ maxLength: MAX_ANSWER_CHARS })
  answer: string;

  @ApiProperty()
  isCanned: boolean;

  @ApiProperty({ type: String, maxLength: 2, nullable: true })
  language: string | null;

  @ApiProperty({
    enum: ['embedding', 'indexed', 'failed'],
    description: 'embedding: found by its words already, by its meaning in a moment; failed: save it again',
  })
  status: DocumentStatus;

  @ApiProperty({ type: String, nullable: true, description: 'A code of the error catalogue' })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The same in words' })
  errorTitle: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class SnippetsPage {
  @ApiProperty({ type: [SnippetView], maxItems: 100 })
  items: SnippetView[];

  @ApiProperty({ type: String, maxLength: 100, nullable: true })
  nextCursor: string | null;
}

export const toSnippetView = ({ snippet, status, errorCode }: SnippetState): SnippetView => ({
  id: snippet.id,
  version: snippet.version,
  question: snippet.question,
  alternatives: snippet.alternatives,
  answer: snippet.answer,
  isCanned: snippet.isCanned,
  language: snippet.language,
  status,
  errorCode,
  errorTitle: errorTitleOf(errorCode),
  createdAt: snippet.createdAt.toISOString(),
  updatedAt: snippet.updatedAt.toISOString(),
});
