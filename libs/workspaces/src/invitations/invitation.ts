import type { Role } from '@app/http';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An offer to join a workspace, open until it is accepted, withdrawn or over. */
@Entity('invitations')
export class Invitation {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  /** Sealed. */
  @Column('text')
  email: string;

  /** Blind index of the address, of another value in each workspace. */
  @Column('bytea', { name: 'email_index' })
  emailIndex: Buffer;

  @Column('text')
  role: Role;

  /** SHA-256 of the token that was mailed. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  /** Who sent it last. It is good only as long as they may give this role. */
  @Column('uuid', { name: 'invited_by' })
  invitedBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'sent_at' })
  sentAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
