import type { MigrationInterface, QueryRunner } from 'typeorm';
import { LOOKUP_ROLE } from '../provision/roles';
import { publishLookUps } from '../publish-look-ups';

/** Columns the look-up role may read, and nothing else. */
const READABLE: Record<string, string> = {
  users: 'id, email, email_index, name, password_hash',
  sessions: 'id, user_id',
  workspaces: 'id, name',
  workspace_members: 'workspace_id, user_id, role',
  embeds: 'workspace_id, id, key_hash',
  documents: 'workspace_id, id, status',
  messages: 'workspace_id, id, conversation_id, status, lease_expires_at',
};

const FUNCTIONS = [
  'enter_context(uuid, uuid)',
  'find_user_by_email_index(bytea)',
  'find_session_user(uuid)',
  'list_user_workspaces(uuid)',
  'find_embed_by_key_hash(bytea)',
  'list_unfinished_documents()',
  'list_expired_answers()',
];

/**
 * The few questions that must be asked before a workspace is known, as functions that run as a role of their own, and
 * the one way to say which tenant a transaction is for.
 */
export class LookUps1763770000005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(READABLE)) {
      await db.query(`
        grant select (${columns}) on ${table} to ${LOOKUP_ROLE};
        create policy ${table}_look_up on ${table} for select to ${LOOKUP_ROLE} using (true);
      `);
    }
    await db.query(LOOK_UPS);
    // Start-up asks these across all workspaces; few rows are in such a state at a time.
    await db.query(`
      create index documents_unfinished on documents (id) where status not in ('indexed', 'failed');
      create index messages_generating on messages (lease_expires_at) where status = 'generating';
    `);
    await publishLookUps(db, FUNCTIONS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index documents_unfinished, messages_generating');
    for (const name of FUNCTIONS) await db.query(`drop function ${name}`);
    for (const [table, columns] of Object.entries(READABLE)) {
      await db.query(
        `drop policy ${table}_look_up on ${table}; revoke select (${columns}) on ${table} from ${LOOKUP_ROLE}`,
      );
    }
  }
}

const LOOK_UPS = `
  create function enter_context(workspace uuid, member uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  begin
    perform set_config('app.workspace_id', coalesce(workspace::text, ''), true),
            set_config('app.user_id', coalesce(member::text, ''), true);
  end $$;

  create function find_user_by_email_index(wanted bytea)
  returns table (id uuid, password_hash text, name text, email text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select u.id, u.password_hash, u.name, u.email from public.users u where u.email_index = wanted
  $$;

  create function find_session_user(wanted uuid) returns uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select s.user_id from public.sessions s where s.id = wanted
  $$;

  create function list_user_workspaces(wanted uuid)
  returns table (workspace_id uuid, name text, role text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select w.id, w.name, m.role
    from public.workspace_members m join public.workspaces w on w.id = m.workspace_id
    where m.user_id = wanted order by w.id
  $$;

  create function find_embed_by_key_hash(wanted bytea)
  returns table (workspace_id uuid, embed_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select e.workspace_id, e.id from public.embeds e where e.key_hash = wanted
  $$;

  create function list_unfinished_documents()
  returns table (workspace_id uuid, document_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select d.workspace_id, d.id from public.documents d where d.status not in ('indexed', 'failed') order by d.id
  $$;

  create function list_expired_answers()
  returns table (workspace_id uuid, message_id uuid, conversation_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select m.workspace_id, m.id, m.conversation_id from public.messages m
    where m.status = 'generating' and m.lease_expires_at < clock_timestamp() order by m.id
  $$;
`;
