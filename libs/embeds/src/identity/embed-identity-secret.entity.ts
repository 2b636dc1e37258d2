import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a customer's server signs identity tokens with. */
@Entity('embed_identity_secrets')
export class EmbedIdentitySecret {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'embed_id' })
  embedId: string;

  /** Sealed and not hashed: to check a signature takes the secret itself. */
  @Column('text')
  secret: string;

  @Column('text')
  last4: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
