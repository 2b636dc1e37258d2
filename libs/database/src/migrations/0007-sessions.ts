import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

const FUNCTIONS = ['list_ended_sessions(timestamptz, integer)', 'list_expired_resume_tokens(timestamptz, integer)'];

/** Suspended people, why a session ended, and the look-ups that sweep what is over. */
export class Sessions1763770000007 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table users add column suspended_at timestamptz;
      alter table sessions add constraint sessions_revoked_reason_check check (revoked_reason in
        ('signed-out', 'refresh-reused', 'revoked-by-user', 'password-changed', 'suspended'));
      create index on sessions (least(idle_expires_at, revoked_at));
      create index on resume_tokens (expires_at);
      grant select (idle_expires_at, revoked_at) on sessions to ${LOOKUP_ROLE};
      grant select (workspace_id, token_hash, expires_at) on resume_tokens to ${LOOKUP_ROLE};
      create policy resume_tokens_look_up on resume_tokens for select to ${LOOKUP_ROLE} using (true);

      create function list_ended_sessions(before timestamptz, at_most integer)
      returns table (user_id uuid, session_id uuid)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select s.user_id, s.id from public.sessions s where least(s.idle_expires_at, s.revoked_at) < before
        order by least(s.idle_expires_at, s.revoked_at) limit at_most
      $$;

      create function list_expired_resume_tokens(before timestamptz, at_most integer)
      returns table (workspace_id uuid, token_hash bytea)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select r.workspace_id, r.token_hash from public.resume_tokens r where r.expires_at < before
        order by r.expires_at limit at_most
      $$;
    `);
    await publishLookUps(db, FUNCTIONS);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const name of FUNCTIONS) await db.query(`drop function ${name}`);
    await db.query(`
      drop policy resume_tokens_look_up on resume_tokens;
      revoke select (workspace_id, token_hash, expires_at) on resume_tokens from ${LOOKUP_ROLE};
      revoke select (idle_expires_at, revoked_at) on sessions from ${LOOKUP_ROLE};
      drop index resume_tokens_expires_at_idx, sessions_least_idx;
      alter table sessions drop constraint sessions_revoked_reason_check;
      alter table users drop column suspended_at;
    `);
  }
}
