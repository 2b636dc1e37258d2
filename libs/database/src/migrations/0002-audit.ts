import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';

/** The audit trail: rows are added and never changed. Events outside any workspace have no workspace id. */
export class Audit1763770000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table audit_events (
        id uuid primary key,
        workspace_id uuid,
        action text not null,
        actor_type text not null check (actor_type in ('user', 'visitor', 'api-key', 'system')),
        actor_id uuid,
        data jsonb not null default '{}',
        ip text,
        request_id text,
        created_at timestamptz not null default clock_timestamp()
      );
      create index on audit_events (workspace_id, id);
      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'audit_events is append-only' using errcode = '42501';
      end $$;
      create trigger audit_events_append_only before update or delete on audit_events
        for each row execute function refuse_audit_change();
      create trigger audit_events_no_truncate before truncate on audit_events
        for each statement execute function refuse_audit_change();
    `);
    await protectTenantTable(db, 'audit_events', { grants: ['select', 'insert'], allowsNoTenant: 'insert' });
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table audit_events; drop function refuse_audit_change');
  }
}
