import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

const OPEN = `('waiting', 'unpacking')`;

/** Archives of many files, and what became of each file. */
export class BulkUploads1763770000033 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table bulk_uploads (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        id uuid not null,
        file_name text not null,
        byte_size integer not null,
        status text not null check (status in ('waiting', 'unpacking', 'unpacked', 'cancelled', 'failed')),
        error_code text,
        attempts integer not null default 0,
        skipped_count integer not null default 0,
        actor_type text not null check (actor_type in ('user', 'api-key', 'system')),
        actor_id uuid,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        primary key (workspace_id, id)
      );
      create index bulk_uploads_open on bulk_uploads (workspace_id, id) where status in ${OPEN};
      create table bulk_upload_files (
        workspace_id uuid not null,
        id uuid not null,
        bulk_upload_id uuid not null,
        ordinal integer not null,
        path text not null,
        byte_size bigint not null,
        outcome text not null default 'waiting'
          check (outcome in ('waiting', 'accepted', 'duplicate', 'refused', 'cancelled')),
        error_code text,
        document_id uuid,
        primary key (workspace_id, id),
        unique (workspace_id, bulk_upload_id, ordinal),
        foreign key (workspace_id, bulk_upload_id) references bulk_uploads (workspace_id, id) on delete cascade,
        foreign key (workspace_id, document_id) references documents (workspace_id, id) on delete set null (document_id)
      );
      create index bulk_upload_files_document on bulk_upload_files (workspace_id, document_id);
    `);
    await protectTenantTable(db, 'bulk_uploads');
    await protectTenantTable(db, 'bulk_upload_files');
    await db.query(`
      grant select (workspace_id, id, status) on bulk_uploads to ${LOOKUP_ROLE};
      create policy bulk_uploads_look_up on bulk_uploads for select to ${LOOKUP_ROLE} using (true);
      create function list_unfinished_bulk_uploads()
      returns table (workspace_id uuid, bulk_upload_id uuid, place bigint)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select u.workspace_id, u.id, row_number() over (partition by u.workspace_id order by u.id)
        from public.bulk_uploads u where u.status in ${OPEN}
        order by 3, u.id
      $$;
    `);
    await publishLookUps(db, ['list_unfinished_bulk_uploads()']);
  }

  /** The documents stay; what is known of the archives they came in is lost. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function list_unfinished_bulk_uploads();
      drop table bulk_upload_files;
      drop table bulk_uploads;
    `);
  }
}
