import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/** Documents, the chunks they were cut into, and the vectors of those chunks in a narrow table of their own. */
export class Knowledge1763770000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table documents (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        id uuid not null,
        title text not null,
        file_name text not null,
        media_type text not null,
        byte_size integer not null,
        sha256 bytea not null,
        version integer not null default 1,
        status text not null check (status in
          ('uploaded', 'scanning', 'parsing', 'chunking', 'embedding', 'indexed', 'failed')),
        progress_done integer not null default 0,
        progress_total integer not null default 0,
        error_code text,
        attempts integer not null default 0,
        page_count integer,
        chunk_count integer not null default 0,
        created_by uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        indexed_at timestamptz,
        primary key (workspace_id, id),
        unique (workspace_id, sha256)
      );
      create table chunks (
        workspace_id uuid not null,
        id uuid not null,
        document_id uuid not null,
        version integer not null,
        ordinal integer not null,
        heading_path text[] not null default '{}',
        page integer,
        language text,
        text text not null,
        primary key (workspace_id, id),
        unique (workspace_id, document_id, version, ordinal),
        foreign key (workspace_id, document_id) references documents (workspace_id, id) on delete cascade
      );
      create table chunk_vectors (
        workspace_id uuid not null,
        chunk_id uuid not null,
        document_id uuid not null,
        model text not null,
        dimensions integer not null,
        vector bytea not null,
        sentence_vectors bytea,
        primary key (workspace_id, chunk_id),
        foreign key (workspace_id, chunk_id) references chunks (workspace_id, id) on delete cascade
      );
      create index on chunk_vectors (workspace_id, document_id);
      create table knowledge_versions (
        workspace_id uuid primary key references workspaces (id) on delete cascade,
        version bigint not null default 0
      );
    `);
    for (const table of ['documents', 'chunks', 'chunk_vectors', 'knowledge_versions']) {
      await protectTenantTable(db, table);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table knowledge_versions, chunk_vectors, chunks, documents');
  }
}
