import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person's authenticator app. Row-level security shows it to that person alone. */
@Entity('second_factors')
export class SecondFactor {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId: string;

  /** Base32 of 160 random bits, sealed. */
  @Column('text')
  secret: string;

  /** Null while the person has not shown yet that the app is set up. */
  @Column('timestamptz', { name: 'enabled_at', nullable: true })
  enabledAt: Date | null;

  /** The 30-second step of the newest code that was accepted: it and everything older are refused. */
  @Column('integer', { name: 'last_step' })
  lastStep: number;

  /** Wrong codes since the last right one. */
  @Column('integer')
  failures: number;

  /** No code is looked at before. */
  @Column('timestamptz', { name: 'retry_at', nullable: true })
  retryAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
