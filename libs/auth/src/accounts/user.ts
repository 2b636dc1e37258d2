import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person with a sign-in. Row-level security shows a row to that person alone. */
@Entity('users')
export class User {
  @PrimaryColumn('uuid')
  id: string;

  /** Lower case; unique over all workspaces. */
  @Column('text')
  email: string;

  @Column('text')
  name: string;

  /** argon2id, PHC string; null for an account that signs in elsewhere only. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;
}
