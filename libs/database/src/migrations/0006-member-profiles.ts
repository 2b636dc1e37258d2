import type { MigrationInterface, QueryRunner } from 'typeorm';
import { GROUP_ROLE, LOOKUP_ROLE } from '../provision/roles';

/**
 * Names and e-mail addresses of the current workspace's members. Rows of `users` are shown to their own user alone; a
 * policy that opened them to colleagues would open the password hashes too, so a function opens three columns.
 */
export class MemberProfiles1763770000006 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create function member_profiles() returns table (user_id uuid, email text, name text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select u.id, u.email, u.name
        from public.workspace_members m join public.users u on u.id = m.user_id
        where m.workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::uuid)
      $$;
      grant create on schema public to ${LOOKUP_ROLE};
      alter function member_profiles() owner to ${LOOKUP_ROLE};
      revoke create on schema public from ${LOOKUP_ROLE};
      revoke all on function member_profiles() from public;
      grant execute on function member_profiles() to ${GROUP_ROLE};
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop function member_profiles()');
  }
}
