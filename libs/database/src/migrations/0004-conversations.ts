import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/** Embeds, the visitors who come through them, and what they and the assistant say. */
export class Conversations1763770000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table embeds (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        id uuid not null,
        name text not null,
        key_hash bytea not null unique,
        key_last4 text not null,
        allowed_origins text[] not null default '{}',
        is_enabled boolean not null default true,
        generation integer not null default 1,
        config jsonb not null default '{}',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (workspace_id, id)
      );
      create table visitors (
        workspace_id uuid not null,
        id uuid not null,
        embed_id uuid not null,
        locale text,
        created_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now(),
        primary key (workspace_id, id),
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade
      );
      create table resume_tokens (
        workspace_id uuid not null,
        token_hash bytea not null,
        visitor_id uuid not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        used_at timestamptz,
        primary key (workspace_id, token_hash),
        foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade
      );
      create table conversations (
        workspace_id uuid not null,
        id uuid not null,
        embed_id uuid not null,
        visitor_id uuid not null,
        status text not null default 'open' check (status in ('open', 'resolved')),
        last_seq integer not null default 0,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (workspace_id, id),
        foreign key (workspace_id, visitor_id) references visitors (workspace_id, id) on delete cascade,
        foreign key (workspace_id, embed_id) references embeds (workspace_id, id) on delete cascade
      );
      create index on conversations (workspace_id, visitor_id, id);
      create table messages (
        workspace_id uuid not null,
        id uuid not null,
        conversation_id uuid not null,
        seq integer not null,
        author text not null check (author in ('visitor', 'assistant', 'agent', 'system')),
        text text not null,
        visitor_id uuid,
        client_message_id uuid,
        in_reply_to uuid,
        status text not null default 'complete' check (status in ('waiting', 'generating', 'complete')),
        outcome text check (outcome in ('answered', 'refused', 'stopped', 'failed', 'handed-off')),
        citations text,
        provenance jsonb,
        lease_expires_at timestamptz,
        created_at timestamptz not null default now(),
        primary key (workspace_id, id),
        unique (workspace_id, conversation_id, seq),
        unique (workspace_id, visitor_id, client_message_id),
        foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade
      );
      create index on messages (workspace_id, conversation_id) where status <> 'complete';
      create index on resume_tokens (workspace_id, visitor_id);
    `);
    for (const table of ['embeds', 'visitors', 'resume_tokens', 'conversations', 'messages']) {
      await protectTenantTable(db, table);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table messages, conversations, resume_tokens, visitors, embeds');
  }
}
