import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person with a sign-in. Row-level security shows a row to that person alone. */
@Entity('users')
export class User {
  @PrimaryColumn('uuid')
  id: string;

  /** Sealed, see `AccountSeals`. */
  @Column('text')
  email: string;

  /** Blind index of the normalised e-mail; unique over all workspaces. */
  @Column('bytea', { name: 'email_index' })
  emailIndex: Buffer;

  /** Sealed. */
  @Column('text')
  name: string;

  /** argon2id, PHC string; null for an account that signs in elsewhere only. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;
}
