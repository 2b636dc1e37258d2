import type { MigrationInterface, QueryRunner } from 'typeorm';
import { canonicalAuditEvent } from '../audit-chain/canonical-audit-event';
import { NO_WORKSPACE } from '../audit-chain/no-workspace';
import { protectTenantTable } from '../protect-tenant-table';
import { AUDIT_ROLE, GROUP_ROLE } from '../provision/roles';

const FUNCTIONS = ['chain_audit_event()', 'keep_audit_address(uuid, uuid, text, bytea)', 'list_audit_heads()'];
const CALLABLE = FUNCTIONS.slice(1);

/**
 * Chains the audit trail: one chain for each workspace and one for what happened outside any. `audit_heads` holds where
 * each chain ends; its row is locked from an insert to the commit, so that positions have no gaps and no twins.
 * `audit_addresses` holds the sealed client addresses, which can be sealed again and erased while the chained row stays.
 */
export class AuditChain1763770000011 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table audit_heads (
        workspace_id uuid primary key,
        seq bigint not null default 0,
        hash bytea not null default decode(repeat('00', 32), 'hex')
      ) with (fillfactor = 50);
      create table audit_addresses (
        event_id uuid primary key,
        workspace_id uuid not null,
        address text not null
      );
    `);
    await protectTenantTable(db, 'audit_heads', { grants: ['select'] });
    await protectTenantTable(db, 'audit_addresses', { grants: ['select', 'update', 'delete'] });
    await db.query(`
      grant create on schema public to ${AUDIT_ROLE};
      grant select, insert, update on audit_heads to ${AUDIT_ROLE};
      grant select on audit_events to ${AUDIT_ROLE};
      grant insert on audit_addresses to ${AUDIT_ROLE};
      create policy audit_heads_chain on audit_heads to ${AUDIT_ROLE} using (true) with check (true);
      create policy audit_events_verify on audit_events for select to ${AUDIT_ROLE} using (true);
      create policy audit_addresses_keep on audit_addresses for insert to ${AUDIT_ROLE} with check (true);
    `);
    await db.query(CHAIN);
    for (const name of FUNCTIONS) {
      await db.query(`alter function ${name} owner to ${AUDIT_ROLE}; revoke all on function ${name} from public`);
    }
    for (const name of CALLABLE) await db.query(`grant execute on function ${name} to ${GROUP_ROLE}`);
    await db.query(`
      revoke create on schema public from ${AUDIT_ROLE};
      create trigger audit_events_chain before insert on audit_events
        for each row execute function chain_audit_event();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger audit_events_chain on audit_events;
      drop policy audit_events_verify on audit_events;
      revoke all on audit_events from ${AUDIT_ROLE};
      drop table audit_heads, audit_addresses;
    `);
    for (const name of FUNCTIONS) await db.query(`drop function ${name}`);
  }
}

const CHAIN = `
  create function chain_audit_event() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    chain uuid := coalesce(new.workspace_id, '${NO_WORKSPACE}');
    head public.audit_heads%rowtype;
  begin
    select * into head from public.audit_heads h where h.workspace_id = chain for update;
    if not found then
      insert into public.audit_heads (workspace_id) values (chain) on conflict do nothing;
      select * into strict head from public.audit_heads h where h.workspace_id = chain for update;
    end if;
    new.seq := head.seq + 1;
    new.created_at := clock_timestamp();
    new.prev_hash := head.hash;
    new.hash := sha256(new.prev_hash || ${canonicalAuditEvent('new')});
    update public.audit_heads h set seq = new.seq, hash = new.hash where h.workspace_id = chain;
    return new;
  end $$;

  -- Stores an address beside its event and hands the keyed hash on, so that one statement writes both. The application
  -- may not insert by itself: events of no workspace belong to nobody, and no policy could tell whose they are.
  create function keep_audit_address(event uuid, workspace uuid, sealed text, index bytea) returns bytea
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    if workspace is not null
       and workspace is distinct from nullif(current_setting('app.workspace_id', true), '')::uuid then
      raise exception 'new row violates row-level security policy for table "audit_addresses"' using errcode = '42501';
    end if;
    if sealed is not null then
      insert into public.audit_addresses (event_id, workspace_id, address)
      values (event, coalesce(workspace, '${NO_WORKSPACE}'), sealed);
    end if;
    return index;
  end $$;

  -- Where every chain ends: ids, positions and hashes, for the anchors kept outside the database.
  create function list_audit_heads() returns table (workspace_id uuid, seq bigint, hash bytea)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select h.workspace_id, h.seq, h.hash from public.audit_heads h where h.seq > 0 order by h.workspace_id
  $$;
`;
