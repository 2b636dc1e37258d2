import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

const TABLES = ['sources', 'source_pages', 'source_runs', 'source_changes'] as const;

/** What the look-up role may read, to tell which syncs are due and which were left by a worker that is gone. */
const READABLE: Record<string, string> = {
  sources: 'workspace_id, id, next_sync_at',
  source_runs: 'workspace_id, source_id, id, status',
};

/**
 * Web sources of the knowledge: what is read, the pages that were found there, and what each run changed. A document
 * knows the page it came from; when its source is deleted it may stay as a document of its own.
 */
export class Sources1763770000032 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table sources (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        id uuid not null,
        kind text not null check (kind in ('url', 'sitemap', 'crawl')),
        url text not null,
        title text,
        max_depth integer not null,
        max_pages integer not null,
        sync_interval_seconds integer check (sync_interval_seconds >= 3600),
        next_sync_at timestamptz,
        consecutive_failures integer not null default 0,
        created_by uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (workspace_id, id),
        unique (workspace_id, kind, url)
      );
      create table source_runs (
        workspace_id uuid not null,
        id uuid not null,
        source_id uuid not null,
        status text not null check (status in ('running', 'done', 'failed', 'cancelled')),
        end_reason text check (end_reason in ('complete', 'limit')),
        error_code text,
        attempts integer not null default 0,
        added integer not null default 0,
        changed integer not null default 0,
        restored integer not null default 0,
        unchanged integer not null default 0,
        removed integer not null default 0,
        dead integer not null default 0,
        failed integer not null default 0,
        waiting integer not null default 0,
        started_at timestamptz not null,
        ended_at timestamptz,
        primary key (workspace_id, id),
        foreign key (workspace_id, source_id) references sources (workspace_id, id) on delete cascade
      );
      create unique index source_runs_one_at_a_time on source_runs (workspace_id, source_id) where status = 'running';
      create index on source_runs (workspace_id, source_id, id);
      create index source_runs_running on source_runs (id) where status = 'running';
      create index sources_due on sources (next_sync_at) where next_sync_at is not null;
      create table source_pages (
        workspace_id uuid not null,
        id uuid not null,
        source_id uuid not null,
        url text not null,
        canonical_url text not null,
        document_id uuid,
        etag text,
        last_modified text,
        links jsonb not null default '[]',
        sha256 bytea,
        state text not null check (state in ('ok', 'gone', 'failed')),
        error_code text,
        from_url text,
        misses integer not null default 0,
        last_seen_run uuid,
        last_missed_run uuid,
        updated_at timestamptz not null,
        primary key (workspace_id, id),
        unique (workspace_id, source_id, url),
        foreign key (workspace_id, source_id) references sources (workspace_id, id) on delete cascade,
        foreign key (workspace_id, document_id) references documents (workspace_id, id) on delete set null (document_id)
      );
      create index on source_pages (workspace_id, document_id);
      create table source_changes (
        workspace_id uuid not null,
        id uuid not null,
        run_id uuid not null,
        url text not null,
        kind text not null check (kind in ('added', 'changed', 'restored', 'removed', 'dead', 'failed')),
        document_id uuid,
        version integer,
        error_code text,
        from_url text,
        primary key (workspace_id, id),
        unique (workspace_id, run_id, url),
        foreign key (workspace_id, run_id) references source_runs (workspace_id, id) on delete cascade
      );
      alter table documents add column source_id uuid, add column source_url text,
        add foreign key (workspace_id, source_id) references sources (workspace_id, id) on delete set null (source_id);
      create unique index documents_one_a_page on documents (workspace_id, source_id, source_url)
        where source_id is not null;
    `);
    for (const table of TABLES) await protectTenantTable(db, table);
    for (const [table, columns] of Object.entries(READABLE)) {
      await db.query(`
        grant select (${columns}) on ${table} to ${LOOKUP_ROLE};
        create policy ${table}_look_up on ${table} for select to ${LOOKUP_ROLE} using (true);
      `);
    }
    await db.query(LOOK_UPS);
    await publishLookUps(db, ['list_due_sources(timestamptz, integer)', 'list_running_syncs()']);
  }

  /** Documents stay, and forget where they came from. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function list_due_sources(timestamptz, integer);
      drop function list_running_syncs();
      alter table documents drop column source_id, drop column source_url;
      drop table source_changes, source_pages, source_runs, sources;
    `);
  }
}

/** A suspended workspace's sources wait until it is restored. */
const LOOK_UPS = `
  create function list_due_sources(at timestamptz, at_most integer)
  returns table (workspace_id uuid, source_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.workspace_id, s.id from public.sources s join public.workspaces w on w.id = s.workspace_id
    where s.next_sync_at <= at and w.suspended_at is null order by s.next_sync_at limit at_most
  $$;

  create function list_running_syncs()
  returns table (workspace_id uuid, source_id uuid, run_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select r.workspace_id, r.source_id, r.id from public.source_runs r join public.workspaces w on w.id = r.workspace_id
    where r.status = 'running' and w.suspended_at is null order by r.id
  $$;
`;
