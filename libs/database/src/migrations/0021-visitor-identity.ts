import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { addRotationLookUps, dropRotationLookUps, type RotatedTable } from '../rotation/add-rotation-look-ups';

const TABLES = ['embed_identity_secrets', 'identity_token_uses'];

const ROTATED: readonly RotatedTable[] = [
  { table: 'visitors', columns: ['identity'], rowId: 'id', owner: 'workspace_id' },
  { table: 'embed_identity_secrets', columns: ['secret'], rowId: 'id', owner: 'workspace_id' },
];

/** Visitors whom the customer's own server vouches for: its secrets, its tokens that were used, and who they named. */
export class VisitorIdentity1763770000021 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table embed_identity_secrets (
        workspace_id uuid not null,
        id uuid not null,
        embed_id uuid not null,
        secret text not null,
        last4 text not null,
        created_at timestamptz not null,
        primary key (workspace_id, id),
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade
      );
      create index embed_identity_secrets_of_embed on embed_identity_secrets (workspace_id, embed_id);
      create table identity_token_uses (
        workspace_id uuid not null,
        embed_id uuid not null,
        token_hash bytea not null,
        expires_at timestamptz not null,
        primary key (workspace_id, embed_id, token_hash),
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade
      );
      create index identity_token_uses_ended on identity_token_uses (workspace_id, embed_id, expires_at);
      alter table embeds add column identity_required boolean not null default false;
      alter table visitors add column identity text, add column identity_index bytea, add column verified_at timestamptz;
      create unique index visitors_identity on visitors (workspace_id, embed_id, identity_index);
    `);
    for (const table of TABLES) await protectTenantTable(db, table);
    for (const table of ROTATED) await addRotationLookUps(db, table);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ROTATED) await dropRotationLookUps(db, table);
    await db.query(`
      drop table ${TABLES.join(', ')};
      drop index visitors_identity;
      alter table visitors drop column identity, drop column identity_index, drop column verified_at;
      alter table embeds drop column identity_required;
    `);
  }
}
