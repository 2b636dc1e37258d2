import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PartNotice } from '../parsing/part-notice';
import type { InspectionFinding } from './inspection-finding';

/** Steps of ingestion in order, then how it ended. */
export const DOCUMENT_STATUSES = [
  'uploaded',
  'scanning',
  'parsing',
  'chunking',
  'embedding',
  'indexed',
  'quarantined',
  'failed',
] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** One file of a document, and how far its way into the answers has come. */
@Entity('document_versions')
export class DocumentVersion {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid', { name: 'document_id' })
  documentId: string;

  /** From 1. */
  @PrimaryColumn('integer')
  version: number;

  /** Where its bytes are in the `BlobStore`. */
  @Column('uuid', { name: 'blob_id' })
  blobId: string;

  @Column('text')
  title: string;

  /** What it is called whatever its file says; null to take the title from that. */
  @Column('text', { name: 'given_title', nullable: true })
  givenTitle: string | null;

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

  @Column('text')
  status: DocumentStatus;

  /** Chunks, while they are embedded. */
  @Column('integer', { name: 'progress_done' })
  progressDone: number;

  @Column('integer', { name: 'progress_total' })
  progressTotal: number;

  /** From the error catalogue: why it failed, is in quarantine, or waits. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  /** What the scanner and the inspection of its text found. */
  @Column('jsonb')
  findings: InspectionFinding[];

  /** Parts (pages, slides, sheets, chapters) that could not be read or hold no text; the first 100, never any text. */
  @Column('jsonb')
  notices: PartNotice[];

  /** Of all such parts. */
  @Column('integer', { name: 'notice_count' })
  noticeCount: number;

  /** Codes of a quarantine that a person has looked at and released it from: they hold it no more. */
  @Column('text', { name: 'accepted_codes', array: true })
  acceptedCodes: string[];

  /** Whether it goes live by itself once it is indexed. */
  @Column('boolean')
  publishes: boolean;

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

  /** When it was last scanned and let through. */
  @Column('timestamptz', { name: 'scanned_at', nullable: true })
  scannedAt: Date | null;

  @Column('timestamptz', { name: 'indexed_at', nullable: true })
  indexedAt: Date | null;

  /** When it was embedded again, after the model or its text had changed. */
  @Column('timestamptz', { name: 'embedded_at', nullable: true })
  embeddedAt: Date | null;

  /** What its vectors are of; null while it has none. */
  @Column('text', { name: 'vector_model', nullable: true })
  vectorModel: string | null;

  /** From what text they were made. */
  @Column('integer', { name: 'prefix_version', nullable: true })
  prefixVersion: number | null;
}

/** Nothing works on the version any more. */
export const FINISHED_STATUSES = ['indexed', 'quarantined', 'failed'] as const satisfies readonly DocumentStatus[];

export const isFinished = ({ status }: Pick<DocumentVersion, 'status'>): boolean =>
  FINISHED_STATUSES.some((finished) => finished === status);
