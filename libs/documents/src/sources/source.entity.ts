import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One page, the pages a sitemap names, or what a crawl of a site finds. */
export const SOURCE_KINDS = ['url', 'sitemap', 'crawl'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A place on the web that a workspace's knowledge is read from, again and again. */
@Entity('sources')
export class Source {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: SourceKind;

  /** In the one spelling of the URL standard, without a fragment. */
  @Column('text')
  url: string;

  /** For people; null when nobody gave one. */
  @Column('text', { nullable: true })
  title: string | null;

  /** Links away from the start; matters to a crawl. */
  @Column('integer', { name: 'max_depth' })
  maxDepth: number;

  @Column('integer', { name: 'max_pages' })
  maxPages: number;

  /** null means by hand alone. */
  @Column('integer', { name: 'sync_interval_seconds', nullable: true })
  syncIntervalSeconds: number | null;

  @Column('timestamptz', { name: 'next_sync_at', nullable: true })
  nextSyncAt: Date | null;

  /** Syncs that failed since the last one that did not. */
  @Column('integer', { name: 'consecutive_failures' })
  consecutiveFailures: number;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
