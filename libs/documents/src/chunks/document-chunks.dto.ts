import { ApiProperty } from '@nestjs/swagger';
import type { DocumentChunk } from './document-chunks.service';

/** A `DocumentChunk` is shown as it is. */
export class DocumentChunkView implements DocumentChunk {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ description: 'From 0, in the order of the document' })
  ordinal: number;

  @ApiProperty({ type: [String], description: 'The headings above it, outermost first; they are searched with it' })
  headingPath: string[];

  @ApiProperty({ type: Number, nullable: true, description: 'From 1; null for formats without pages' })
  page: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'ISO 639-1' })
  language: string | null;

  @ApiProperty()
  text: string;
}

export class DocumentChunksPage {
  @ApiProperty({ type: [DocumentChunkView] })
  items: DocumentChunkView[];

  @ApiProperty({ type: String, nullable: true, description: 'null on the last page' })
  nextCursor: string | null;
}
