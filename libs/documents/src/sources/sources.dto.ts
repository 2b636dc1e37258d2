import { EnumField, IntegerField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import type { Source } from './source.entity';
import { SOURCE_KINDS, type SourceKind } from './source.entity';
import type { SourceRun } from './source-run.entity';
import { SourceRunView, toRunView } from './source-reports.dto';

const HOUR = 3_600;
const YEAR = 366 * 86_400;
const MAX_PAGES = 5_000;
const MAX_DEPTH = 20;
const MAX_URL = 2_048;

/** What may be changed of a source. */
export class UpdateSourceDto {
  @TextField({ max: 200, trim: true, optional: true, nullable: true, description: 'For people' })
  title?: string | null;

  @IntegerField({
    min: HOUR,
    max: YEAR,
    optional: true,
    nullable: true,
    description: 'It is read again after so many seconds; null: only when somebody asks',
  })
  syncIntervalSeconds?: number | null;

  @IntegerField({
    min: 0,
    max: MAX_DEPTH,
    optional: true,
    description: 'How many links away from the start a crawl goes; 5 when left out',
  })
  maxDepth?: number;

  @IntegerField({ min: 1, max: MAX_PAGES, optional: true, description: 'Pages read at most; 500 when left out' })
  maxPages?: number;
}

export class CreateSourceDto extends UpdateSourceDto {
  @EnumField({
    values: SOURCE_KINDS,
    description: 'One page, the pages that a sitemap names, or what is found from a page on by following links',
  })
  kind: SourceKind;

  @TextField({
    max: MAX_URL,
    trim: true,
    description: 'Of the page, the sitemap or the start: http or https, on the public internet, ports 80 and 443',
  })
  url: string;
}

export class DeleteSourceQuery {
  @EnumField({
    values: ['keep', 'delete'],
    optional: true,
    description:
      'What becomes of its documents: they are deleted with it, unless you keep them, which makes them ordinary ones',
  })
  documents?: 'keep' | 'delete';
}

export class SourceView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: SOURCE_KINDS })
  kind: SourceKind;

  @ApiProperty()
  url: string;

  @ApiProperty({ type: String, nullable: true })
  title: string | null;

  @ApiProperty()
  maxDepth: number;

  @ApiProperty()
  maxPages: number;

  @ApiProperty({ type: Number, nullable: true })
  syncIntervalSeconds: number | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  nextSyncAt: string | null;

  @ApiProperty({
    description: 'While it fails, it is read less often: at 1, 2 and 3 after 2, 4 and 8 times the interval',
  })
  consecutiveFailures: number;

  @ApiProperty({ type: SourceRunView, nullable: true, description: 'The newest sync, running or ended' })
  lastRun: SourceRunView | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class SourcesPage {
  @ApiProperty({ type: [SourceView] })
  items: SourceView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

/** A source with its newest run. */
export interface SourceState {
  readonly source: Source;
  readonly lastRun: SourceRun | null;
}

export const toSourceView = ({ source, lastRun }: SourceState): SourceView => ({
  id: source.id,
  kind: source.kind,
  url: source.url,
  title: source.title,
  maxDepth: source.maxDepth,
  maxPages: source.maxPages,
  syncIntervalSeconds: source.syncIntervalSeconds,
  nextSyncAt: source.nextSyncAt?.toISOString() ?? null,
  consecutiveFailures: source.consecutiveFailures,
  lastRun: lastRun && toRunView(lastRun),
  createdAt: source.createdAt.toISOString(),
  updatedAt: source.updatedAt.toISOString(),
});
