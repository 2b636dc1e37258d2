import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/**
 * The audit trail: rows are added and never changed. Events outside any workspace have no workspace id. Position, time and
 * hashes are set by the trigger of the next migration of the trail, whatever the application sends.
 */
export class Audit1763770000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table audit_events (
        id uuid primary key,
        workspace_id uuid,
        action text not null,
        actor_type text not null check (actor_type in ('user', 'visitor', 'api-key', 'system')),
        actor_id uuid,
        result text not null default 'succeeded' check (result in ('succeeded', 'denied', 'failed')),
        data jsonb not null default '{}',
        ip_index bytea,
        request_id text,
        seq bigint not null,
        created_at timestamptz not null,
        prev_hash bytea not null,
        hash bytea not null
      );
      create unique index audit_events_chain on audit_events (workspace_id, seq) nulls not distinct;
      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'audit_events is append-only' using errcode = '42501';
      end $$;
      create trigger audit_events_append_only before update or delete on audit_events
        for each statement execute function refuse_audit_change();
      create trigger audit_events_no_truncate before truncate on audit_events
        for each statement execute function refuse_audit_change();
    `);
    await protectTenantTable(db, 'audit_events', { grants: ['select', 'insert'], allowsNoTenant: 'insert' });
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table audit_events; drop function refuse_audit_change');
  }
}
