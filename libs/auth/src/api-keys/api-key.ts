import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key with which a program acts in one workspace. The key itself is not stored. */
@Entity('api_keys')
export class ApiKey {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** Permissions it was made for. */
  @Column('text', { array: true })
  scopes: string[];

  /** SHA-256: what is hashed is 256 random bits, which nobody can try out. */
  @Column('bytea', { name: 'key_hash' })
  keyHash: Buffer;

  @Column('text', { name: 'key_last4' })
  keyLast4: string;

  /** The member who made it, who may have left since. */
  @Column('uuid', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** At most a minute old. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;
}
