import type { ErrorCode } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export const RUN_STATUSES = ['running', 'done', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** What may become of a page in a run; all but the last one are told in the change report. */
export const PAGE_OUTCOMES = ['added', 'changed', 'restored', 'removed', 'dead', 'failed', 'unchanged'] as const;
export type PageOutcome = (typeof PAGE_OUTCOMES)[number];

/** One sync of a source: at most one is running at a time. */
@Entity('source_runs')
export class SourceRun implements Record<PageOutcome, number> {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'source_id' })
  sourceId: string;

  @Column('text')
  status: RunStatus;

  /** Of a run that is done: everything was read, or there was more than `maxPages`. */
  @Column('text', { name: 'end_reason', nullable: true })
  endReason: 'complete' | 'limit' | null;

  /** Why it failed. */
  @Column('text', { name: 'error_code', nullable: true })
  errorCode: ErrorCode | null;

  /** How often work on it was begun without getting further. */
  @Column('integer')
  attempts: number;

  @Column('integer')
  added: number;

  @Column('integer')
  changed: number;

  @Column('integer')
  restored: number;

  @Column('integer')
  unchanged: number;

  @Column('integer')
  removed: number;

  @Column('integer')
  dead: number;

  @Column('integer')
  failed: number;

  /** Known and not yet visited. */
  @Column('integer')
  waiting: number;

  @Column('timestamptz', { name: 'started_at' })
  startedAt: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
