import type { Actor } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const BULK_STATUSES = ['waiting', 'unpacking', 'unpacked', 'cancelled', 'failed'] as const;
export type BulkStatus = (typeof BULK_STATUSES)[number];

/** Its bytes are kept, in the `BlobStore` under its own id, and somebody works on it or will. */
export const OPEN_STATUSES = ['waiting', 'unpacking'] as const satisfies readonly BulkStatus[];

/** An archive of many files that somebody sent, and how far its unpacking has come. */
@Entity('bulk_uploads')
export class BulkUpload {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  /** Cleaned, for people. */
  @Column('text', { name: 'file_name' })
  fileName: string;

  /** Of the archive. */
  @Column('integer', { name: 'byte_size' })
  byteSize: number;

  @Column('text')
  status: BulkStatus;

  /** Why the archive as a whole failed. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  /** How often work on it was begun without a file being done. */
  @Column('integer')
  attempts: number;

  /** Folders, and files that systems leave in them. */
  @Column('integer', { name: 'skipped_count' })
  skippedCount: number;

  /** Who sent it, and whose its documents are. */
  @Column('text', { name: 'actor_type' })
  actorType: Exclude<Actor['type'], 'visitor'>;

  @Column('uuid', { name: 'actor_id', nullable: true })
  actorId: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When its last file was decided on. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}

export const isOpen = ({ status }: Pick<BulkUpload, 'status'>): boolean =>
  OPEN_STATUSES.some((open) => open === status);
