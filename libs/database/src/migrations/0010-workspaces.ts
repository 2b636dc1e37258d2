import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

/** Columns the look-up role may read, and nothing else. */
const READABLE: Record<string, string> = {
  invitations: 'workspace_id, id, token_hash',
  api_keys: 'workspace_id, id, key_hash, scopes, expires_at, last_used_at',
};

const FUNCTIONS = ['find_invitation_by_token_hash(bytea)', 'find_api_key_by_hash(bytea)'];

/**
 * Invitations, workspace API keys, when an operator suspended a workspace, and what deleting an embed looks for: without
 * the two indexes each of its visitors costs a walk through the table.
 */
export class Workspaces1763770000010 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table workspaces add column suspended_at timestamptz;
      create table invitations (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        id uuid not null,
        email text not null,
        email_index bytea not null,
        role text not null check (role in ('owner', 'admin', 'editor', 'agent', 'viewer')),
        token_hash bytea not null unique,
        invited_by uuid not null,
        created_at timestamptz not null,
        sent_at timestamptz not null,
        expires_at timestamptz not null,
        primary key (workspace_id, id),
        unique (workspace_id, email_index)
      );
      create table api_keys (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        id uuid not null,
        name text not null,
        scopes text[] not null,
        key_hash bytea not null unique,
        key_last4 text not null,
        created_by uuid not null,
        created_at timestamptz not null,
        expires_at timestamptz not null,
        last_used_at timestamptz,
        primary key (workspace_id, id)
      );
      create index visitors_of_embed on visitors (workspace_id, embed_id);
      create index conversations_of_embed on conversations (workspace_id, embed_id);
    `);
    for (const table of ['invitations', 'api_keys']) await protectTenantTable(db, table);
    for (const [table, columns] of Object.entries(READABLE)) {
      await db.query(`
        grant select (${columns}) on ${table} to ${LOOKUP_ROLE};
        create policy ${table}_look_up on ${table} for select to ${LOOKUP_ROLE} using (true);
      `);
    }
    await db.query(`grant select (suspended_at) on workspaces to ${LOOKUP_ROLE}`);
    await addLookUps(db);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const name of FUNCTIONS) await db.query(`drop function ${name}`);
    await db.query(`
      drop index visitors_of_embed, conversations_of_embed;
      drop table api_keys, invitations;
      alter table workspaces drop column suspended_at;
    `);
  }
}

/** A token is all there is before its workspace is known. A suspended workspace's tokens are not found. */
async function addLookUps(db: QueryRunner): Promise<void> {
  await db.query(`
    create function find_invitation_by_token_hash(wanted bytea)
    returns table (workspace_id uuid, invitation_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select i.workspace_id, i.id
      from public.invitations i join public.workspaces w on w.id = i.workspace_id
      where i.token_hash = wanted and w.suspended_at is null
    $$;

    create function find_api_key_by_hash(wanted bytea)
    returns table (workspace_id uuid, api_key_id uuid, scopes text[], expires_at timestamptz, last_used_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select k.workspace_id, k.id, k.scopes, k.expires_at, k.last_used_at
      from public.api_keys k join public.workspaces w on w.id = k.workspace_id
      where k.key_hash = wanted and w.suspended_at is null
    $$;
  `);
  await publishLookUps(db, FUNCTIONS);
}
