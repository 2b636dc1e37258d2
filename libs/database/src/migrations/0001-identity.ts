import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/** Users, their sessions, workspaces and who belongs to them. */
export class Identity1763770000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table users (
        id uuid primary key,
        email text not null,
        email_index bytea not null unique,
        name text not null,
        password_hash text not null,
        created_at timestamptz not null default now()
      );
      create table sessions (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        refresh_hash bytea not null,
        previous_refresh_hash bytea,
        rotated_at timestamptz not null default now(),
        ip text,
        user_agent text,
        created_at timestamptz not null default now(),
        last_used_at timestamptz not null default now(),
        idle_expires_at timestamptz not null,
        absolute_expires_at timestamptz not null,
        revoked_at timestamptz,
        revoked_reason text
      );
      create index on sessions (user_id);
      create table workspaces (
        id uuid primary key,
        name text not null,
        created_at timestamptz not null default now()
      );
      create table workspace_members (
        workspace_id uuid not null references workspaces (id) on delete cascade,
        user_id uuid not null references users (id) on delete cascade,
        role text not null check (role in ('owner', 'admin', 'editor', 'agent', 'viewer')),
        created_at timestamptz not null default now(),
        primary key (workspace_id, user_id)
      );
      create index on workspace_members (user_id);
    `);
    await protectTenantTable(db, 'users', { owner: { column: 'id', setting: 'app.user_id' } });
    await protectTenantTable(db, 'sessions', { owner: { column: 'user_id', setting: 'app.user_id' } });
    await protectTenantTable(db, 'workspaces', { owner: { column: 'id', setting: 'app.workspace_id' } });
    await protectTenantTable(db, 'workspace_members');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table workspace_members, workspaces, sessions, users');
  }
}
