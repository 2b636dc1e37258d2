import type { Actor } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AuditResult } from './audit-actions';

/** One line of the trail. Read-only in code as in the database: it is written by `AuditLog` alone. */
@Entity('audit_events')
export class AuditEvent {
  @PrimaryColumn('uuid')
  readonly id: string;

  /** null for what happened outside any workspace (sign-in, sessions). */
  @Column('uuid', { name: 'workspace_id', nullable: true })
  readonly workspaceId: string | null;

  @Column('text')
  readonly action: string;

  @Column('text', { name: 'actor_type' })
  readonly actorType: Actor['type'];

  @Column('uuid', { name: 'actor_id', nullable: true })
  readonly actorId: string | null;

  @Column('text')
  readonly result: AuditResult;

  @Column('jsonb')
  readonly data: Record<string, unknown>;

  /** Keyed hash of the client address: tells that two events came from one address, after that itself was erased. */
  @Column('bytea', { name: 'ip_index', nullable: true })
  readonly ipIndex: Buffer | null;

  @Column('text', { name: 'request_id', nullable: true })
  readonly requestId: string | null;

  /** The place in the workspace's chain, from 1 without a gap. bigint, which the driver reads as text. */
  @Column('bigint')
  readonly seq: string;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt: Date;

  @Column('bytea', { name: 'prev_hash' })
  readonly previousHash: Buffer;

  @Column('bytea')
  readonly hash: Buffer;
}
