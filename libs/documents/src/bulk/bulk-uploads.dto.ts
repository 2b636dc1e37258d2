import { EnumField, PageQuery } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';
import { errorTitleOf } from '../error-title';
import { DOCUMENT_STATUSES, type DocumentStatus } from '../versions/document-version.entity';
import { inProgress, type LineCounts } from './bulk-upload-counts';
import { type BulkUploadFile, FILE_OUTCOMES, type FileOutcome, LINE_KINDS, type LineKind } from './bulk-upload-file';
import { BULK_STATUSES, type BulkStatus, isOpen } from './bulk-upload.entity';
import type { BulkUploadState } from './bulk-uploads.service';

/** The multipart body of a bulk upload, for the api documentation. */
export class UploadArchiveBody {
  @ApiProperty({ type: 'string', format: 'binary', description: 'A ZIP archive of documents, in folders or not' })
  file: unknown;
}

export class BulkUploadFilesQuery extends PageQuery {
  @EnumField({ values: FILE_OUTCOMES, optional: true })
  outcome?: FileOutcome;
}

export class BulkOutcomesView {
  @ApiProperty({ description: 'Without those that were skipped' })
  total: number;

  @ApiProperty()
  waiting: number;

  @ApiProperty({ description: 'Became a document, or a snippet' })
  accepted: number;

  @ApiProperty({ description: 'The same is there already' })
  duplicate: number;

  @ApiProperty()
  refused: number;

  @ApiProperty({ description: 'Their turn had not come when the whole was cancelled' })
  cancelled: number;
}

export class BulkFilesView extends BulkOutcomesView {
  @ApiProperty({
    description:
      'Folders, what systems leave in them (dot files, __MACOSX, Thumbs.db), and what an export says of itself',
  })
  skipped: number;
}

export class BulkDocumentsView {
  @ApiProperty()
  indexed: number;

  @ApiProperty()
  failed: number;

  @ApiProperty()
  quarantined: number;

  @ApiProperty()
  inProgress: number;

  @ApiProperty({ description: 'By a person, since' })
  deleted: number;
}

export class BulkUploadView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  fileName: string;

  @ApiProperty({ description: 'Of the archive' })
  byteSize: number;

  @ApiProperty({ enum: BULK_STATUSES })
  status: BulkStatus;

  @ApiProperty({ type: String, nullable: true, description: 'Why the archive as a whole failed' })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The same in words' })
  errorTitle: string | null;

  @ApiProperty({ description: 'Nothing of it is worked on any more: neither the archive nor its documents' })
  isDone: boolean;

  @ApiProperty({ type: BulkFilesView })
  files: BulkFilesView;

  @ApiProperty({
    type: BulkOutcomesView,
    description: 'Of an export; its snippets are found as soon as they are accepted',
  })
  snippets: BulkOutcomesView;

  @ApiProperty({ type: BulkDocumentsView, description: 'How far the documents have come that were made of it' })
  documents: BulkDocumentsView;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'When its last file was decided on' })
  endedAt: string | null;
}

export class BulkUploadsPage {
  @ApiProperty({ type: [BulkUploadView] })
  items: BulkUploadView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

export class BulkUploadFileView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ enum: LINE_KINDS })
  kind: LineKind;

  @ApiProperty({ description: 'In the archive; of a snippet, with the number of its line' })
  path: string;

  @ApiProperty({ description: 'As the archive claims' })
  byteSize: number;

  @ApiProperty({ enum: FILE_OUTCOMES })
  outcome: FileOutcome;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was not accepted' })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The same in words' })
  errorTitle: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The document or snippet it became, or that is the same; null also when that was deleted since',
  })
  documentId: string | null;

  @ApiProperty({ type: String, enum: DOCUMENT_STATUSES, nullable: true })
  documentStatus: DocumentStatus | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why the document failed or is in quarantine' })
  documentErrorCode: string | null;
}

export class BulkUploadFilesPage {
  @ApiProperty({ type: [BulkUploadFileView] })
  items: BulkUploadFileView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

export function toBulkUploadView({ upload, counts }: BulkUploadState): BulkUploadView {
  const { files, snippets } = counts;
  const { indexed, failed, quarantined, deleted } = files;
  return {
    id: upload.id,
    fileName: upload.fileName,
    byteSize: upload.byteSize,
    status: upload.status,
    errorCode: upload.errorCode,
    errorTitle: errorTitleOf(upload.errorCode),
    isDone: !isOpen(upload) && inProgress(files) + inProgress(snippets) === 0,
    files: { ...outcomesOf(files), skipped: upload.skippedCount },
    snippets: outcomesOf(snippets),
    documents: { indexed, failed, quarantined, inProgress: inProgress(files), deleted },
    createdAt: upload.createdAt.toISOString(),
    endedAt: upload.endedAt?.toISOString() ?? null,
  };
}

const outcomesOf = ({ total, waiting, accepted, duplicate, refused, cancelled }: LineCounts): BulkOutcomesView => ({
  total,
  waiting,
  accepted,
  duplicate,
  refused,
  cancelled,
});

export const toBulkUploadFileView = (file: BulkUploadFile): BulkUploadFileView => ({
  id: file.id,
  kind: file.kind,
  path: file.path,
  byteSize: file.byteSize,
  outcome: file.outcome,
  errorCode: file.errorCode,
  errorTitle: errorTitleOf(file.errorCode),
  documentId: file.documentId,
  documentStatus: file.documentStatus,
  documentErrorCode: file.documentErrorCode,
});
