import { BooleanField, IntegerField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import {
  DOCUMENT_PARTS,
  type DocumentPart,
  PART_PROBLEMS,
  type PartNotice,
  type PartProblem,
} from '../parsing/part-notice';
import { errorTitleOf } from '../error-title';
import { DOCUMENT_STATUSES, type DocumentStatus, type DocumentVersion } from './document-version.entity';
import type { InspectionFinding } from './inspection-finding';
import type { VersionChange, VersionDiff } from './version-diff';

/** More than a document gets in a life. */
const LARGEST_VERSION = 100_000;

export class PublishVersionDto {
  @IntegerField({ min: 1, max: LARGEST_VERSION })
  version: number;
}

export class NewVersionQuery {
  @BooleanField({
    optional: true,
    fromText: true,
    description: 'Whether it goes live by itself once it is indexed; true when left out',
  })
  publish?: boolean;
}

export class VersionQuery {
  @IntegerField({
    min: 1,
    max: LARGEST_VERSION,
    optional: true,
    fromText: true,
    description: 'The newest when left out',
  })
  version?: number;
}

export class CompareVersionsQuery {
  @IntegerField({ min: 1, max: LARGEST_VERSION, fromText: true })
  from: number;

  @IntegerField({ min: 1, max: LARGEST_VERSION, fromText: true })
  to: number;
}

export class ProgressView {
  @ApiProperty({ description: 'Parts of the current step that are done' })
  done: number;

  @ApiProperty({ description: '0 until it is known' })
  total: number;
}

export class FindingView {
  @ApiProperty({ enum: ['malware', 'injection', 'hidden-text', 'invisible-characters'] })
  kind: InspectionFinding['kind'];

  @ApiProperty({ description: 'The signature or rule that found it' })
  rule: string;

  @ApiProperty({ type: [String], required: false, description: 'The headings above it, outermost first' })
  headingPath?: string[];

  @ApiProperty({ required: false, description: 'From 1' })
  page?: number;

  @ApiProperty({ required: false })
  excerpt?: string;
}

export class PartNoticeView {
  @ApiProperty({ enum: DOCUMENT_PARTS })
  part: DocumentPart;

  @ApiProperty({ description: 'From 1, in the order of the document' })
  number: number;

  @ApiProperty({
    enum: Object.keys(PART_PROBLEMS),
    description:
      '`part.unreadable`: damaged or missing, so that answers lack some or all of it; repair the file and upload it as a new version. ' +
      '`part.rest-unreadable`: the same for this part and all after it, which may not be counted in `pageCount`. ' +
      '`part.no-text`: there is nothing to read, though others have text; a scan or a picture needs a text layer (OCR), an empty page nothing',
  })
  code: PartProblem;

  @ApiProperty({ description: 'The same in words' })
  title: string;
}

/** What is said of every version, also of the one a document view shows. */
export class VersionFacts {
  @ApiProperty()
  fileName: string;

  @ApiProperty()
  mediaType: string;

  @ApiProperty()
  byteSize: number;

  @ApiProperty({ description: 'Of the file, in hexadecimal' })
  sha256: string;

  @ApiProperty()
  version: number;

  @ApiProperty({ enum: DOCUMENT_STATUSES })
  status: DocumentStatus;

  @ApiProperty({ type: ProgressView })
  progress: ProgressView;

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, is in quarantine, or waits' })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The same in words' })
  errorTitle: string | null;

  @ApiProperty({ type: [FindingView], description: 'What a person should look at' })
  findings: FindingView[];

  @ApiProperty({
    description:
      'Pages, slides, sheets or chapters that could not be read, or hold no text though others do; 0 when all were read',
  })
  noticeCount: number;

  @ApiProperty({ type: Number, nullable: true, description: 'Pages, slides or sheets; null for formats without' })
  pageCount: number | null;

  @ApiProperty()
  chunkCount: number;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it was last scanned and let through',
  })
  scannedAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  indexedAt: string | null;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;
}

export class VersionView extends VersionFacts {
  @ApiProperty({ type: [PartNoticeView], description: 'The parts that are counted; the first 100' })
  notices: PartNoticeView[];

  @ApiProperty()
  title: string;

  @ApiProperty({ description: 'Whether answers come from it' })
  isLive: boolean;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class VersionList {
  @ApiProperty({ type: [VersionView], description: 'Newest first' })
  items: VersionView[];
}

export class VersionChangeView implements VersionChange {
  @ApiProperty({ enum: ['added', 'removed'] })
  kind: VersionChange['kind'];

  @ApiProperty({ type: [String] })
  headingPath: string[];

  @ApiProperty()
  text: string;
}

export class VersionDiffView implements VersionDiff {
  @ApiProperty({ description: 'Paragraphs' })
  added: number;

  @ApiProperty({ description: 'Paragraphs' })
  removed: number;

  @ApiProperty({ description: 'Paragraphs' })
  unchanged: number;

  @ApiProperty({ type: [VersionChangeView], description: 'In reading order; the first 500' })
  changes: VersionChangeView[];
}

export function toVersionFacts(version: DocumentVersion): VersionFacts {
  return {
    fileName: version.fileName,
    mediaType: version.mediaType,
    byteSize: version.byteSize,
    sha256: version.sha256.toString('hex'),
    version: version.version,
    status: version.status,
    progress: { done: version.progressDone, total: version.progressTotal },
    errorCode: version.errorCode,
    errorTitle: errorTitleOf(version.errorCode),
    findings: version.findings.map(toFindingView),
    noticeCount: version.noticeCount,
    pageCount: version.pageCount,
    chunkCount: version.chunkCount,
    scannedAt: version.scannedAt?.toISOString() ?? null,
    indexedAt: version.indexedAt?.toISOString() ?? null,
    updatedAt: version.updatedAt.toISOString(),
  };
}

const toFindingView = (finding: InspectionFinding): FindingView =>
  finding.kind === 'malware' ? finding : { ...finding, headingPath: finding.headingPath.slice() };

export const toPartNoticeView = ({ part, number, code }: PartNotice): PartNoticeView => ({
  part,
  number,
  code,
  title: PART_PROBLEMS[code],
});

export const toVersionView = (version: DocumentVersion, liveVersion: number | null): VersionView => ({
  ...toVersionFacts(version),
  notices: version.notices.map(toPartNoticeView),
  title: version.title,
  isLive: version.version === liveVersion,
  createdAt: version.createdAt.toISOString(),
});

export const toDiffView = ({ changes, ...counts }: VersionDiff): VersionDiffView => ({
  ...counts,
  changes: changes.map((change) => ({ ...change, headingPath: change.headingPath.slice() })),
});
