import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/** Which text about the assistant a visitor was shown and accepted. The application adds to the log and changes nothing. */
export class Disclosures1763770000022 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table embeds
        add column requires_consent boolean not null default false,
        add column disclosure_version integer not null default 1;
      create table disclosure_log (
        workspace_id uuid not null,
        id uuid not null,
        embed_id uuid not null,
        visitor_id uuid not null,
        kind text not null check (kind in ('shown', 'accepted')),
        version integer not null,
        text_hash bytea not null,
        created_at timestamptz not null,
        primary key (workspace_id, id),
        unique (workspace_id, visitor_id, version, kind),
        foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade,
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade
      );
      create index disclosure_log_of_embed on disclosure_log (workspace_id, embed_id, id);
    `);
    await protectTenantTable(db, 'disclosure_log', { grants: ['select', 'insert'] });
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table disclosure_log;
      alter table embeds drop column requires_consent, drop column disclosure_version;
    `);
  }
}
