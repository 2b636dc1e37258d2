import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who asked for an account and has not shown yet that the address is theirs. */
@Entity('pending_registrations')
export class PendingRegistration {
  /** Becomes the account's id; row-level security goes by it. */
  @PrimaryColumn('uuid')
  id: string;

  /** SHA-256 of the mailed token's secret. */
  @Column('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  /** Sealed JSON of `NewAccount`. */
  @Column('text')
  payload: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}
