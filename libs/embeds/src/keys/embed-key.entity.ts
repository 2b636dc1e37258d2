import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key with which pages open an embed. The key itself is shown once and not kept. */
@Entity('embed_keys')
export class EmbedKey {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'embed_id' })
  embedId: string;

  /** SHA-256: what is hashed is 256 random bits, which nobody can try out. */
  @Column('bytea', { name: 'key_hash' })
  keyHash: Buffer;

  @Column('text', { name: 'key_last4' })
  keyLast4: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** null for the current key, of which there is one; a replaced key works until then. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** Of the session opened last with it. */
  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt: Date | null;

  @Column('text', { name: 'last_origin', nullable: true })
  lastOrigin: string | null;

  /** Host of the page, as the page itself named it. */
  @Column('text', { name: 'last_page_host', nullable: true })
  lastPageHost: string | null;

  /** Sessions opened and renewed with it; a bigint, so text. */
  @Column('bigint', { name: 'session_count' })
  sessionCount: string;
}
