import { ApiProperty } from '@nestjs/swagger';
import { toVersionFacts, VersionFacts } from './versions/document-versions.dto';
import type { DocumentState } from './versions/find-document';

/** The multipart body of an upload, for the api documentation. */
export class UploadDocumentBody {
  @ApiProperty({
    type: 'string',
    format: 'binary',
    description: 'PDF, DOCX, PPTX, XLSX, ODT, EPUB, RTF, HTML, Markdown, CSV or plain text',
  })
  file: unknown;
}

/** A document with what is to be said of its newest version. */
export class DocumentView extends VersionFacts {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  title: string;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'The version that answers come from; null while there is none',
  })
  liveVersion: number | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The web source that keeps it up to date; null for everything else',
  })
  sourceId: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The web page it was made of; citations lead there' })
  sourceUrl: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where it lay in the archive it was sent in: tells two README.md apart; null for everything else',
  })
  folder: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt: string;
}

export class DocumentsPage {
  @ApiProperty({ type: [DocumentView] })
  items: DocumentView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

export const toDocumentView = ({ document, newest }: DocumentState): DocumentView => ({
  ...toVersionFacts(newest),
  id: document.id,
  title: document.liveVersion === null ? newest.title : document.title,
  liveVersion: document.liveVersion,
  sourceId: document.sourceId,
  sourceUrl: document.sourceUrl,
  folder: document.folder,
  createdAt: document.createdAt.toISOString(),
});
