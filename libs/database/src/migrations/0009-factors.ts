import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectTenantTable } from '../protect-tenant-table';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

/** How people prove who they are beside a password: one-time codes, recovery codes, sign-ins at other providers. */
export class Factors1763770000009 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table sessions add column confirmed_at timestamptz;
      alter table users alter column password_hash drop not null;

      create table second_factors (
        user_id uuid primary key references users (id) on delete cascade,
        secret text not null,
        enabled_at timestamptz,
        last_step integer not null default 0,
        failures integer not null default 0,
        retry_at timestamptz,
        created_at timestamptz not null default now()
      );
      create table recovery_codes (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        code_hash bytea not null,
        used_at timestamptz
      );
      create index on recovery_codes (user_id);
      create table user_identities (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        issuer text not null,
        subject text not null,
        subject_index bytea not null unique,
        created_at timestamptz not null default now()
      );
      create index on user_identities (user_id);
    `);
    for (const table of ['second_factors', 'recovery_codes', 'user_identities']) {
      await protectTenantTable(db, table, { owner: { column: 'user_id', setting: 'app.user_id' } });
    }
    await addLookUp(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function find_identity_user(bytea);
      drop table user_identities, recovery_codes, second_factors;
      alter table sessions drop column confirmed_at;
      delete from users where password_hash is null;
      alter table users alter column password_hash set not null;
    `);
  }
}

/** Whose sign-in at another provider this is, asked before anybody is known. */
async function addLookUp(db: QueryRunner): Promise<void> {
  await db.query(`
    grant select (user_id, subject_index) on user_identities to ${LOOKUP_ROLE};
    create policy user_identities_look_up on user_identities for select to ${LOOKUP_ROLE} using (true);
    create function find_identity_user(wanted bytea) returns uuid
    language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select i.user_id from public.user_identities i where i.subject_index = wanted
    $$;
  `);
  await publishLookUps(db, ['find_identity_user(bytea)']);
}
