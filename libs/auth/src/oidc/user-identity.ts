import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody's sign-in at another provider. Row-level security shows it to that person alone. */
@Entity('user_identities')
export class UserIdentity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  issuer: string;

  /** The provider's id for the person, sealed. */
  @Column('text')
  subject: string;

  /** Blind index of issuer and subject; unique over all users. */
  @Column('bytea', { name: 'subject_index' })
  subjectIndex: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
