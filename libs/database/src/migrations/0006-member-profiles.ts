import type { MigrationInterface, QueryRunner } from 'typeorm';
import { publishLookUps } from '../publish-look-ups';

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
    `);
    await publishLookUps(db, ['member_profiles()']);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop function member_profiles()');
  }
}
