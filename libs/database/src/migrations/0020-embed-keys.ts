import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

const BEFORE = 'find_embed_by_key_hash(bytea)';
const AFTER = 'find_embed_by_key_hash(bytea, timestamptz)';

/** What the look-up role reads beside what it could before, and nothing else. */
const READABLE: Record<string, string> = {
  embed_keys: 'workspace_id, id, embed_id, key_hash, expires_at',
  embeds: 'allowed_origins, is_enabled, expires_at',
};

/**
 * The keys of an embed in a table of their own, so that an old one goes on working for a while beside its successor, and
 * an end for the embed itself. `embeds.key_hash` is not written any more; a later migration drops it.
 */
export class EmbedKeys1763770000020 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table embed_keys (
        workspace_id uuid not null,
        id uuid not null,
        embed_id uuid not null,
        key_hash bytea not null unique,
        key_last4 text not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        last_used_at timestamptz,
        last_origin text,
        last_page_host text,
        session_count bigint not null default 0,
        primary key (workspace_id, id),
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade
      );
      create index embed_keys_of_embed on embed_keys (workspace_id, embed_id);
      create unique index embed_keys_current on embed_keys (workspace_id, embed_id) where expires_at is null;
      alter table embeds alter column key_hash drop not null, add column expires_at timestamptz;
      alter table embeds no force row level security;
      insert into embed_keys (workspace_id, id, embed_id, key_hash, key_last4, created_at)
        select workspace_id, id, id, key_hash, key_last4, created_at from embeds;
      alter table embeds force row level security;
    `);
    await protectTenantTable(db, 'embed_keys');
    await db.query(`create policy embed_keys_look_up on embed_keys for select to ${LOOKUP_ROLE} using (true)`);
    for (const [table, columns] of Object.entries(READABLE)) {
      await db.query(`grant select (${columns}) on ${table} to ${LOOKUP_ROLE}`);
    }
    await db.query(`revoke select (key_hash) on embeds from ${LOOKUP_ROLE}; drop function ${BEFORE}; ${LOOK_UP}`);
    await publishLookUps(db, [AFTER]);
  }

  /** Keys that were replaced are forgotten, and the current one is the only one again. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function ${AFTER};
      alter table embeds no force row level security;
      alter table embed_keys no force row level security;
      update embeds set key_hash = key.key_hash from embed_keys key
        where key.workspace_id = embeds.workspace_id and key.embed_id = embeds.id and key.expires_at is null;
      alter table embeds alter column key_hash set not null, drop column expires_at;
      alter table embeds force row level security;
      drop table embed_keys;
      grant select (key_hash) on embeds to ${LOOKUP_ROLE};
      revoke select (allowed_origins, is_enabled) on embeds from ${LOOKUP_ROLE};
      ${LOOK_UP_BEFORE}
    `);
    await publishLookUps(db, [BEFORE]);
  }
}

/**
 * Everything that decides about a key in one question: an unknown one costs as many as one that ran out. The moment
 * comes from the caller, whose clock tests move.
 */
const LOOK_UP = `
  create function find_embed_by_key_hash(wanted bytea, at timestamptz)
  returns table (workspace_id uuid, embed_id uuid, key_id uuid, allowed_origins text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select e.workspace_id, e.id, k.id, e.allowed_origins
    from public.embed_keys k
      join public.embeds e on e.workspace_id = k.workspace_id and e.id = k.embed_id
      join public.workspaces w on w.id = k.workspace_id
    where k.key_hash = wanted and (k.expires_at is null or k.expires_at > at)
      and e.is_enabled and (e.expires_at is null or e.expires_at > at) and w.suspended_at is null
  $$;
`;

const LOOK_UP_BEFORE = `
  create function find_embed_by_key_hash(wanted bytea)
  returns table (workspace_id uuid, embed_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select e.workspace_id, e.id from public.embeds e where e.key_hash = wanted
  $$;
`;
