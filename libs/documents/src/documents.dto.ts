import { ApiProperty } from '@nestjs/swagger';
import { PartNoticeView, toPartNoticeView, toVersionFacts, VersionFacts } from './versions/document-versions.dto';
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
export class DocumentSummary extends VersionFacts {
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

/** The same with the parts that were not read. */
export class DocumentView extends DocumentSummary {
  @ApiProperty({ type: [PartNoticeView], description: 'The parts that `noticeCount` counts; the first 100' })
  notices: PartNoticeView[];
}

export class DocumentsPage {
  @ApiProperty({ type: [DocumentSummary] })
  items: DocumentSummary[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}

export const toDocumentSummary = ({ document, newest }: DocumentState): DocumentSummary => ({
  ...toVersionFacts(newest),
  id: document.id,
  title: document.liveVersion === null ? newest.title : document.title,
  liveVersion: document.liveVersion,
  sourceId: document.sourceId,
  sourceUrl: document.sourceUrl,
  folder: document.folder,
  createdAt: document.createdAt.toISOString(),
});

export const toDocumentView = (state: DocumentState): DocumentView => ({
  ...toDocumentSummary(state),
  notices: state.newest.notices.map(toPartNoticeView),
});
