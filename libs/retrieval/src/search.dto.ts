import { IntegerField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import type { PassageHit, SearchResult } from './passage-search';

const MAX_QUERY_CHARS = 4_000;
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 20;

export class SearchDto {
  @TextField({ max: MAX_QUERY_CHARS, trim: true })
  query: string;

  @IntegerField({ min: 1, max: MAX_LIMIT, default: DEFAULT_LIMIT })
  limit: number = DEFAULT_LIMIT;
}

export class LegView {
  /** 1-based within the leg. */
  @ApiProperty({ type: 'integer', minimum: 1 })
  rank: number;

  /** BM25 or cosine; comparable within one search. */
  @ApiProperty()
  score: number;
}

export class LegsView {
  @ApiProperty({ type: LegView, required: false })
  lexical?: LegView;

  @ApiProperty({ type: LegView, required: false })
  dense?: LegView;
}

export class PassageView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  documentId: string;

  @ApiProperty()
  documentTitle: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version: number;

  @ApiProperty({ type: [String] })
  headingPath: string[];

  /** The web page that the document was made of. */
  @ApiProperty({ required: false })
  url?: string;

  /** 1-based. */
  @ApiProperty({ type: 'integer', minimum: 1, required: false })
  page?: number;

  /** ISO 639-1. */
  @ApiProperty({ required: false })
  language?: string;

  @ApiProperty()
  text: string;

  /** Probability that the passage answers the question. */
  @ApiProperty({ minimum: 0, maximum: 1 })
  score: number;

  @ApiProperty({ type: LegsView })
  legs: LegsView;
}

export class SearchView {
  @ApiProperty({ type: [PassageView] })
  passages: PassageView[];

  /** ISO 639-1 code of the question; null when it could not be told. */
  @ApiProperty({ type: String, nullable: true })
  language: string | null;

  @ApiProperty()
  durationMs: number;

  /** Whether a visitor who asked this would get an answer. */
  @ApiProperty()
  isAnswerable: boolean;

  @ApiProperty({ minimum: 0, maximum: 1 })
  confidence: number;
}

export function toSearchView({ passages, ...result }: SearchResult): SearchView {
  return { ...result, passages: passages.map(toPassageView) };
}

/** Everything but the vectors, which are of no use outside. */
function toPassageView(hit: PassageHit): PassageView {
  const { id, documentId, documentTitle, version, headingPath, url, page, language, text, score, legs } = hit;
  return {
    id,
    documentId,
    documentTitle,
    version,
    headingPath,
    ...(url !== undefined && { url }),
    ...(page !== undefined && { page }),
    ...(language !== undefined && { language }),
    text,
    score,
    legs,
  };
}
