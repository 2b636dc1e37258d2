import type { ErrorCode } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PageOutcome } from './source-run.entity';

export const CHANGE_KINDS = ['added', 'changed', 'restored', 'removed', 'dead', 'failed'] as const;
export type ChangeKind = Exclude<PageOutcome, 'unchanged'>;

/** A line of a run's report; at most one for each address. */
@Entity('source_changes')
export class SourceChange {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'run_id' })
  runId: string;

  @Column('text')
  url: string;

  @Column('text')
  kind: ChangeKind;

  @Column('uuid', { name: 'document_id', nullable: true })
  documentId: string | null;

  @Column('integer', { nullable: true })
  version: number | null;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode: ErrorCode | null;

  @Column('text', { name: 'from_url', nullable: true })
  fromUrl: string | null;
}
