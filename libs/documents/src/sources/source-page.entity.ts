import type { ErrorCode } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const PAGE_STATES = ['ok', 'gone', 'failed'] as const;
export type PageState = (typeof PAGE_STATES)[number];

/** What is remembered of an address of a source. */
@Entity('source_pages')
export class SourcePage {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'source_id' })
  sourceId: string;

  /** Where it is asked for. */
  @Column('text')
  url: string;

  /** What the page says is its own address; the same when it says nothing. */
  @Column('text', { name: 'canonical_url' })
  canonicalUrl: string;

  /** Where its content is: a document of this source, or one that was there already with the same bytes. */
  @Column('uuid', { name: 'document_id', nullable: true })
  documentId: string | null;

  @Column('text', { nullable: true })
  etag: string | null;

  @Column('text', { name: 'last_modified', nullable: true })
  lastModified: string | null;

  /** Addresses of the same host that it leads to. */
  @Column('jsonb')
  links: string[];

  /** Of the content that was seen last. */
  @Column('bytea', { nullable: true })
  sha256: Buffer | null;

  @Column('text')
  state: PageState;

  /** Why it is gone or failed. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode: ErrorCode | null;

  /** The page with a link to it, for links that are dead. */
  @Column('text', { name: 'from_url', nullable: true })
  fromUrl: string | null;

  /** Runs in a row that did not find it. */
  @Column('integer')
  misses: number;

  @Column('uuid', { name: 'last_seen_run', nullable: true })
  lastSeenRun: string | null;

  /** The last run that counted among the misses: a run that is done twice counts once. */
  @Column('uuid', { name: 'last_missed_run', nullable: true })
  lastMissedRun: string | null;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
