import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChallengeMode } from './challenge/challenge-mode';
import { completeConfig, type EmbedConfig } from './embed-config';

/** One place the assistant is shown: the sites that may use it, how long, its looks and its words. */
@Entity('embeds')
export class Embed {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  /** Of the current key; the keys are rows of their own. */
  @Column('text', { name: 'key_last4' })
  keyLast4: string;

  /** See origin-rule.ts. Empty means nobody. */
  @Column('text', { name: 'allowed_origins', array: true })
  allowedOrigins: string[];

  @Column('boolean', { name: 'is_enabled' })
  isEnabled: boolean;

  /** From then on its keys answer like unknown ones and its tokens are dead. null: never. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** Tokens carry the generation they were issued under; raising it ends them all. */
  @Column('integer')
  generation: number;

  /** Whether a session needs an identity token, or goes on with one that was given. */
  @Column('boolean', { name: 'identity_required' })
  identityRequired: boolean;

  /** Whether a visitor must accept the disclosure before the first message. */
  @Column('boolean', { name: 'requires_consent' })
  requiresConsent: boolean;

  /** When a new session costs its visitor's device work. */
  @Column('text')
  challenge: ChallengeMode;

  /** Rises with each other text of the disclosure. */
  @Column('integer', { name: 'disclosure_version' })
  disclosureVersion: number;

  @Column('jsonb', { transformer: { to: (config: EmbedConfig) => config, from: completeConfig } })
  config: EmbedConfig;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
