import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The texts an owner may set. */
export interface EmbedTexts {
  title: string;
  greeting: string;
  starterQuestions: string[];
  aiDisclosure: string;
}

/** One place the assistant is shown: its key (hashed), the sites that may use it, and its texts. */
@Entity('embeds')
export class Embed {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** SHA-256 of the embed key; the key itself is shown once and not kept. */
  @Column('bytea', { name: 'key_hash' })
  keyHash: Buffer;

  @Column('text', { name: 'key_last4' })
  keyLast4: string;

  /** See origin-rule.ts. Empty means nobody. */
  @Column('text', { name: 'allowed_origins', array: true })
  allowedOrigins: string[];

  @Column('boolean', { name: 'is_enabled' })
  isEnabled: boolean;

  /** Tokens carry the generation they were issued under; raising it ends them all. */
  @Column('integer')
  generation: number;

  @Column('jsonb')
  config: EmbedTexts;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
