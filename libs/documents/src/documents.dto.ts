import { ERROR_CATALOGUE } from '@app/kernel';
import { ApiProperty } from '@nestjs/swagger';
import { type Document, DOCUMENT_STATUSES, type DocumentStatus } from './document.entity';

/** The multipart body of an upload, for the api documentation. */
export class UploadDocumentBody {
  @ApiProperty({
    type: 'string',
    format: 'binary',
    description: 'PDF, DOCX, PPTX, XLSX, ODT, EPUB, RTF, HTML, Markdown, CSV or plain text',
  })
  file: unknown;
}

export class ProgressView {
  @ApiProperty({ description: 'Parts of the current step that are done' })
  done: number;

  @ApiProperty({ description: '0 until it is known' })
  total: number;
}

export class DocumentView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  title: string;

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

  @ApiProperty({ type: String, nullable: true, description: 'Why it failed' })
  errorCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The same in words' })
  errorTitle: string | null;

  @ApiProperty({ type: Number, nullable: true, description: 'Pages, slides or sheets; null for formats without' })
  pageCount: number | null;

  @ApiProperty()
  chunkCount: number;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  indexedAt: string | null;
}

export class DocumentsPage {
  @ApiProperty({ type: [DocumentView] })
  items: DocumentView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

export function toDocumentView(document: Document): DocumentView {
  return {
    id: document.id,
    title: document.title,
    fileName: document.fileName,
    mediaType: document.mediaType,
    byteSize: document.byteSize,
    sha256: document.sha256.toString('hex'),
    version: document.version,
    status: document.status,
    progress: { done: document.progressDone, total: document.progressTotal },
    errorCode: document.errorCode,
    errorTitle: titleOf(document.errorCode),
    pageCount: document.pageCount,
    chunkCount: document.chunkCount,
    createdAt: document.createdAt.toISOString(),
    updatedAt: document.updatedAt.toISOString(),
    indexedAt: document.indexedAt?.toISOString() ?? null,
  };
}

function titleOf(code: string | null): string | null {
  const entry = Object.entries(ERROR_CATALOGUE).find(([known]) => known === code);
  return entry?.[1].title ?? null;
}
