import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

const LIST_EXPIRED = 'list_expired_account_links(timestamptz, integer)';

/** What waits for a mailed link: accounts that are not made yet, and new passwords. */
export class Accounts1763770000008 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table pending_registrations (
        id uuid primary key,
        token_hash bytea not null,
        payload text not null,
        expires_at timestamptz not null,
        created_at timestamptz not null default now()
      );
      create index on pending_registrations (expires_at);
      create table password_resets (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        token_hash bytea not null,
        expires_at timestamptz not null,
        created_at timestamptz not null default now()
      );
      create index on password_resets (user_id);
      create index on password_resets (expires_at);
    `);
    await protectTenantTable(db, 'pending_registrations', { owner: { column: 'id', setting: 'app.user_id' } });
    await protectTenantTable(db, 'password_resets', { owner: { column: 'user_id', setting: 'app.user_id' } });
    await db.query(`
      grant select (id, expires_at) on pending_registrations to ${LOOKUP_ROLE};
      grant select (user_id, expires_at) on password_resets to ${LOOKUP_ROLE};
      create policy pending_registrations_look_up on pending_registrations for select to ${LOOKUP_ROLE} using (true);
      create policy password_resets_look_up on password_resets for select to ${LOOKUP_ROLE} using (true);
      create function list_expired_account_links(before timestamptz, at_most integer) returns table (user_id uuid)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select p.id from public.pending_registrations p where p.expires_at < before
        union select r.user_id from public.password_resets r where r.expires_at < before
        limit at_most
      $$;
    `);
    await publishLookUps(db, [LIST_EXPIRED]);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function ${LIST_EXPIRED}; drop table password_resets, pending_registrations`);
  }
}
