import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Steps of ingestion in order, then how it ended. */
export const DOCUMENT_STATUSES = [
  'uploaded',
  'scanning',
  'parsing',
  'chunking',
  'embedding',
  'indexed',
  'failed',
] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** An uploaded file and how far its way into the answers has come. Only `indexed` documents are answered from. */
@Entity('documents')
export class Document {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  title: string;

  /** Cleaned; shown and offered for download, never a path. */
  @Column('text', { name: 'file_name' })
  fileName: string;

  /** The canonical type of its format, whatever the sender declared. */
  @Column('text', { name: 'media_type' })
  mediaType: string;

  @Column('integer', { name: 'byte_size' })
  byteSize: number;

  @Column('bytea')
  sha256: Buffer;

  @Column('integer')
  version: number;

  @Column('text')
  status: DocumentStatus;

  /** Chunks, while they are embedded. */
  @Column('integer', { name: 'progress_done' })
  progressDone: number;

  @Column('integer', { name: 'progress_total' })
  progressTotal: number;

  /** From the error catalogue, when it failed. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  /** How often work on it was begun without getting further. */
  @Column('integer')
  attempts: number;

  @Column('integer', { name: 'page_count', nullable: true })
  pageCount: number | null;

  @Column('integer', { name: 'chunk_count' })
  chunkCount: number;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;

  @Column('timestamptz', { name: 'indexed_at', nullable: true })
  indexedAt: Date | null;
}

/** Nothing works on the document any more. */
export const FINISHED_STATUSES = ['indexed', 'failed'] as const satisfies readonly DocumentStatus[];

export const isFinished = ({ status }: Pick<Document, 'status'>): boolean =>
  FINISHED_STATUSES.some((finished) => finished === status);
