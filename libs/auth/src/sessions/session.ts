import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Why a session ended before its time. */
export type RevocationReason = 'signed-out' | 'refresh-reused' | 'revoked-by-user' | 'password-changed' | 'suspended';

/** One sign-in of one user. Row-level security shows it to that user alone. */
@Entity('sessions')
export class Session {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  /** SHA-256 of the current refresh token's secret. */
  @Column('bytea', { name: 'refresh_hash' })
  refreshHash: Buffer;

  /** The same of the token before it; null until the first rotation. */
  @Column('bytea', { name: 'previous_refresh_hash', nullable: true })
  previousRefreshHash: Buffer | null;

  @Column('timestamptz', { name: 'rotated_at' })
  rotatedAt: Date;

  /** Sealed, like the next. */
  @Column('text', { nullable: true })
  ip: string | null;

  @Column('text', { name: 'user_agent', nullable: true })
  userAgent: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'last_used_at' })
  lastUsedAt: Date;

  /** When the person last proved in this session that it is them; null when somebody else proved it, long ago. */
  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt: Date | null;

  /** Moves on with each refresh, never past `absoluteExpiresAt`. */
  @Column('timestamptz', { name: 'idle_expires_at' })
  idleExpiresAt: Date;

  @Column('timestamptz', { name: 'absolute_expires_at' })
  absoluteExpiresAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;

  @Column('text', { name: 'revoked_reason', nullable: true })
  revokedReason: RevocationReason | null;
}
