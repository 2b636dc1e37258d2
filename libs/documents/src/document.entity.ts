import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a document is made of: an uploaded file, or a question with its answer. */
export type DocumentKind = 'file' | 'snippet';

/** A document of a workspace: a name for its versions, at most one of which is answered from. */
@Entity('documents')
export class Document {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: DocumentKind;

  /** Of the live version; of the newest while none is live. */
  @Column('text')
  title: string;

  /** From 1. The one that was uploaded last, however far it has come. */
  @Column('integer', { name: 'newest_version' })
  newestVersion: number;

  /** The one that is answered from; null while there is none. */
  @Column('integer', { name: 'live_version', nullable: true })
  liveVersion: number | null;

  /** The source that keeps it up to date; null for everything else. */
  @Column('uuid', { name: 'source_id', nullable: true })
  sourceId: string | null;

  /** The web page it was made of, also when its source is gone. */
  @Column('text', { name: 'source_url', nullable: true })
  sourceUrl: string | null;

  /** Where it lay in the archive it came in, with `/`; null for everything else and what lay in no folder. */
  @Column('text', { nullable: true })
  folder: string | null;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
