import { Column, Entity, PrimaryColumn } from 'typeorm';

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
  readonly actorType: 'user' | 'visitor' | 'system';

  @Column('uuid', { name: 'actor_id', nullable: true })
  readonly actorId: string | null;

  @Column('jsonb')
  readonly data: Record<string, unknown>;

  @Column('text', { nullable: true })
  readonly ip: string | null;

  @Column('text', { name: 'request_id', nullable: true })
  readonly requestId: string | null;

  @Column('timestamptz', { name: 'created_at' })
  readonly createdAt: Date;
}
