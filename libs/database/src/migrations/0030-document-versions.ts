import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

const FINISHED = `('indexed', 'quarantined', 'failed')`;

/**
 * A document becomes a name for its versions: each has a file, a way through ingestion and chunks of its own, and at most
 * one of them is answered from. The columns that move go at once, because nothing was released that still reads them.
 */
export class DocumentVersions1763770000030 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table document_versions (
        workspace_id uuid not null,
        document_id uuid not null,
        version integer not null check (version > 0),
        blob_id uuid not null,
        title text not null,
        file_name text not null,
        media_type text not null,
        byte_size integer not null,
        sha256 bytea not null,
        status text not null check (status in
          ('uploaded', 'scanning', 'parsing', 'chunking', 'embedding', 'indexed', 'quarantined', 'failed')),
        progress_done integer not null default 0,
        progress_total integer not null default 0,
        error_code text,
        findings jsonb not null default '[]',
        accepted_codes text[] not null default '{}',
        publishes boolean not null default true,
        attempts integer not null default 0,
        page_count integer,
        chunk_count integer not null default 0,
        created_by uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        scanned_at timestamptz,
        indexed_at timestamptz,
        primary key (workspace_id, document_id, version),
        unique (workspace_id, sha256),
        unique (workspace_id, blob_id),
        foreign key (workspace_id, document_id) references documents (workspace_id, id) on delete cascade
      );
      alter table documents no force row level security;
      insert into document_versions (workspace_id, document_id, version, blob_id, title, file_name, media_type, byte_size,
          sha256, status, progress_done, progress_total, error_code, attempts, page_count, chunk_count, created_by,
          created_at, updated_at, scanned_at, indexed_at)
        select workspace_id, id, version, id, title, file_name, media_type, byte_size,
          sha256, status, progress_done, progress_total, error_code, attempts, page_count, chunk_count, created_by,
          created_at, updated_at, indexed_at, indexed_at
        from documents;
      alter table documents add column newest_version integer not null default 1, add column live_version integer;
      update documents set newest_version = version, live_version = case when status = 'indexed' then version end;
      alter table documents force row level security;
      alter table documents add foreign key (workspace_id, id, live_version)
        references document_versions (workspace_id, document_id, version) on delete set null (live_version);
      alter table chunks drop constraint chunks_workspace_id_document_id_fkey;
      alter table chunks add foreign key (workspace_id, document_id, version)
        references document_versions (workspace_id, document_id, version) on delete cascade;
    `);
    await protectTenantTable(db, 'document_versions');
    await db.query(`
      drop function list_unfinished_documents();
      drop policy documents_look_up on documents;
      revoke select (workspace_id, id, status) on documents from ${LOOKUP_ROLE};
      drop index documents_unfinished;
      alter table documents drop column file_name, drop column media_type, drop column byte_size, drop column sha256,
        drop column version, drop column status, drop column progress_done, drop column progress_total,
        drop column error_code, drop column attempts, drop column page_count, drop column chunk_count,
        drop column indexed_at;
      grant select (workspace_id, document_id, version, status, created_at) on document_versions to ${LOOKUP_ROLE};
      create policy document_versions_look_up on document_versions for select to ${LOOKUP_ROLE} using (true);
      create index document_versions_unfinished on document_versions (workspace_id, created_at)
        where status not in ${FINISHED};
      create index document_versions_quarantined on document_versions (workspace_id) where status = 'quarantined';
      create function list_unfinished_versions()
      returns table (workspace_id uuid, document_id uuid, version integer, place bigint)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select v.workspace_id, v.document_id, v.version,
          row_number() over (partition by v.workspace_id order by v.created_at, v.document_id, v.version)
        from public.document_versions v where v.status not in ${FINISHED}
        order by 4, v.created_at limit 5000
      $$;
    `);
    await publishLookUps(db, ['list_unfinished_versions()']);
  }

  /** Versions that are neither live nor the newest are lost. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function list_unfinished_versions();
      alter table chunks drop constraint chunks_workspace_id_document_id_version_fkey;
      alter table documents add column file_name text, add column media_type text, add column byte_size integer,
        add column sha256 bytea, add column version integer not null default 1, add column status text,
        add column progress_done integer not null default 0, add column progress_total integer not null default 0,
        add column error_code text, add column attempts integer not null default 0, add column page_count integer,
        add column chunk_count integer not null default 0, add column indexed_at timestamptz;
      alter table documents no force row level security;
      alter table document_versions no force row level security;
      alter table chunks no force row level security;
      update documents d set file_name = v.file_name, media_type = v.media_type, byte_size = v.byte_size,
          sha256 = v.sha256, version = v.version, progress_done = v.progress_done, progress_total = v.progress_total,
          status = case v.status when 'quarantined' then 'failed' else v.status end, error_code = v.error_code,
          attempts = v.attempts, page_count = v.page_count, chunk_count = v.chunk_count, indexed_at = v.indexed_at
        from document_versions v where v.workspace_id = d.workspace_id and v.document_id = d.id
          and v.version = coalesce(d.live_version, d.newest_version);
      alter table documents alter column file_name set not null, alter column media_type set not null,
        alter column byte_size set not null, alter column sha256 set not null, alter column status set not null,
        add constraint documents_status_check check (status in
          ('uploaded', 'scanning', 'parsing', 'chunking', 'embedding', 'indexed', 'failed')),
        add unique (workspace_id, sha256), drop column newest_version, drop column live_version;
      delete from chunks c using documents d where d.workspace_id = c.workspace_id and d.id = c.document_id
        and d.version <> c.version;
      alter table chunks add foreign key (workspace_id, document_id) references documents (workspace_id, id)
        on delete cascade;
      alter table documents force row level security;
      alter table chunks force row level security;
      drop table document_versions;
      grant select (workspace_id, id, status) on documents to ${LOOKUP_ROLE};
      create policy documents_look_up on documents for select to ${LOOKUP_ROLE} using (true);
      create index documents_unfinished on documents (id) where status not in ('indexed', 'failed');
      create function list_unfinished_documents()
      returns table (workspace_id uuid, document_id uuid)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select d.workspace_id, d.id from public.documents d where d.status not in ('indexed', 'failed') order by d.id
      $$;
    `);
    await publishLookUps(db, ['list_unfinished_documents()']);
  }
}
