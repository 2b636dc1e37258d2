import { EnumField, PageQuery, UuidField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import { errorTitleOf } from '../error-title';
import { CHANGE_KINDS, type ChangeKind, type SourceChange } from './source-change.entity';
import { PAGE_STATES, type PageState, type SourcePage } from './source-page.entity';
import { RUN_STATUSES, type RunStatus, type SourceRun } from './source-run.entity';

export class ChangesQuery extends PageQuery {
  @UuidField({ optional: true, description: 'Of this sync; the newest when left out' })
  runId?: string;

  @EnumField({ values: CHANGE_KINDS, optional: true })
  kind?: ChangeKind;
}

export class SourcePagesQuery extends PageQuery {
  @EnumField({ values: PAGE_STATES, optional: true, description: 'gone: dead links' })
  state?: PageState;
}

/** What it did, by page. */
export class SourceCountsView {
  @ApiProperty({ description: 'New pages' })
  added: number;

  @ApiProperty({ description: 'Pages with new content' })
  changed: number;

  @ApiProperty({ description: 'Pages that are back' })
  restored: number;

  @ApiProperty()
  unchanged: number;

  @ApiProperty({ description: 'Pages that are gone and not answered from any more' })
  removed: number;

  @ApiProperty({ description: 'Links to pages that are not there' })
  dead: number;

  @ApiProperty({ description: 'Pages that could not be read or taken; what is known of them stays' })
  failed: number;

  @ApiProperty({ description: 'Pages that are known and not yet visited' })
  waiting: number;
}

export class SourceRunView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: RUN_STATUSES })
  status: RunStatus;

  @ApiProperty({
    type: String,
    enum: ['complete', 'limit'],
    nullable: true,
    description: 'Of one that is done: everything was read, or there was more than may be read',
  })
  endReason: 'complete' | 'limit' | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed' })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The same in words' })
  errorTitle: string | null;

  @ApiProperty({ type: SourceCountsView, description: 'So far, while it is running' })
  counts: SourceCountsView;

  @ApiProperty({ format: 'date-time' })
  startedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  endedAt: string | null;
}

export class SourceRunsPage {
  @ApiProperty({ type: [SourceRunView] })
  items: SourceRunView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

/** A page, and where the trouble with it is. */
class PageFacts {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  url: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  documentId: string | null;

  @ApiProperty({ type: String, nullable: true })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The same in words' })
  errorTitle: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The page that links there' })
  fromUrl: string | null;
}

export class SourceChangeView extends PageFacts {
  @ApiProperty({ enum: CHANGE_KINDS })
  kind: ChangeKind;

  @ApiProperty({ type: Number, nullable: true, description: 'Of the document' })
  version: number | null;
}

export class SourceChangesPage {
  @ApiProperty({ type: [SourceChangeView] })
  items: SourceChangeView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

export class SourcePageView extends PageFacts {
  @ApiProperty({ enum: PAGE_STATES })
  state: PageState;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class SourcePagesPage {
  @ApiProperty({ type: [SourcePageView] })
  items: SourcePageView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

export const toRunView = (run: SourceRun): SourceRunView => ({
  id: run.id,
  status: run.status,
  endReason: run.endReason,
  errorCode: run.errorCode,
  errorTitle: errorTitleOf(run.errorCode),
  counts: {
    added: run.added,
    changed: run.changed,
    restored: run.restored,
    unchanged: run.unchanged,
    removed: run.removed,
    dead: run.dead,
    failed: run.failed,
    waiting: run.waiting,
  },
  startedAt: run.startedAt.toISOString(),
  endedAt: run.endedAt?.toISOString() ?? null,
});

const factsOf = ({ id, url, documentId, errorCode, fromUrl }: SourceChange | SourcePage): PageFacts => ({
  ...{ id, url, documentId, errorCode, errorTitle: errorTitleOf(errorCode), fromUrl },
});

export const toChangeView = (change: SourceChange): SourceChangeView => ({
  ...factsOf(change),
  kind: change.kind,
  version: change.version,
});

export const toPageView = (page: SourcePage): SourcePageView => ({
  ...factsOf(page),
  state: page.state,
  updatedAt: page.updatedAt.toISOString(),
});
