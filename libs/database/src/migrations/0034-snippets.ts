import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/**
 * Questions with their answers, each a document of a kind of its own with the same id, so that it is searched like any
 * other; and the wordings of those that are answered word for word.
 */
export class Snippets1763770000034 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table documents add column kind text not null default 'file' check (kind in ('file', 'snippet'));
      create table snippets (
        workspace_id uuid not null,
        id uuid not null,
        version integer not null default 1 check (version > 0),
        question text not null,
        alternatives text[] not null default '{}',
        answer text not null,
        is_canned boolean not null default false,
        language text,
        created_by uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (workspace_id, id),
        foreign key (workspace_id, id) references documents (workspace_id, id) on delete cascade
      );
      create table canned_wordings (
        workspace_id uuid not null,
        wording_hash bytea not null,
        snippet_id uuid not null,
        primary key (workspace_id, wording_hash),
        foreign key (workspace_id, snippet_id) references snippets (workspace_id, id) on delete cascade
      );
      create index on canned_wordings (workspace_id, snippet_id);
    `);
    await protectTenantTable(db, 'snippets');
    await protectTenantTable(db, 'canned_wordings');
  }

  /** Snippets are lost: without their kind they would be documents without a file. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table documents no force row level security;
      delete from documents where kind = 'snippet';
      alter table documents force row level security;
      drop table canned_wordings, snippets;
      alter table documents drop column kind;
    `);
  }
}
