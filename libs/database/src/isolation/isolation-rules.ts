import { AUDIT_ROLE, GROUP_ROLE, LOOKUP_ROLE, OWNER_ROLE } from '../provision/roles';

/** A rule about the whole schema: `sql` returns one row with a column `fault` for everything that breaks it. */
export interface IsolationRule {
  name: string;
  sql: string;
}

/** Not a tenant table: TypeORM's ledger, which the application may only read. */
const LEDGER = 'migrations';
/** Schemas whose tables hold no tenant's content: ids of jobs and their state. */
const OTHER_SCHEMAS = ['queue'];

/**
 * Unique indexes that may start with another column than `workspace_id`, each for a reason: a duplicate-key error tells
 * that a value exists somewhere. Random 122-bit ids and SHA-256 hashes of 256-bit keys cannot be guessed.
 * `user_identities.subject_index` is a keyed hash of another provider's id for a person, who must sign in there to meet it.
 * `users.email_index` is a keyed hash that the answers to registering, signing in and resetting never let anybody meet.
 */
const REVIEWED_UNIQUE_INDEXES = [
  'users_pkey',
  'users_email_index_key',
  'sessions_pkey',
  'pending_registrations_pkey',
  'password_resets_pkey',
  'second_factors_pkey',
  'recovery_codes_pkey',
  'user_identities_pkey',
  'user_identities_subject_index_key',
  'workspaces_pkey',
  'audit_events_pkey',
  'audit_addresses_pkey',
  'embeds_key_hash_key',
  // SHA-256 of 256-bit tokens.
  'embed_keys_key_hash_key',
  'invitations_token_hash_key',
  'api_keys_key_hash_key',
];

/** Tables whose insert policy also takes rows without a tenant: events before anybody's workspace is known. */
const REVIEWED_NO_TENANT_INSERTS = ['audit_events'];

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

const TABLES = `(
  select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl, c.relowner, exists (
    select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
  ) as has_workspace
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> '${LEDGER}'
)`;

/** How PostgreSQL prints the condition that `protectTenantTable` writes. */
const OWN_ROW = String.raw`\(%s = \( SELECT \(NULLIF\(current_setting\(''app\.%s''::text, true\), ''''::text\)\)::uuid AS "nullif"\)\)`;
const OWN_WORKSPACE = OWN_ROW.replace('%s', 'workspace_id').replace('%s', 'workspace_id');
const OWN_BY_ID = OWN_ROW.replace('%s', '(id|user_id)').replace('%s', '(workspace_id|user_id)');
const NO_TENANT = String.raw`\(${OWN_WORKSPACE} OR \(workspace_id IS NULL\)\)`;

const condition = `case when t.has_workspace then '^${OWN_WORKSPACE}$' else '^${OWN_BY_ID}$' end`;
const check = `case when t.relname in (${list(REVIEWED_NO_TENANT_INSERTS)}) then '^${NO_TENANT}$' else ${condition} end`;

/** Everything that must be true of every table, view, function and login for one tenant never to see another. */
export const ISOLATION_RULES: readonly IsolationRule[] = [
  {
    name: 'every table is under row-level security, also for its owner',
    sql: `select t.relname as fault from ${TABLES} t where not (t.relrowsecurity and t.relforcerowsecurity)`,
  },
  {
    name: 'every table has one policy for the application, for all commands, with the sub-select and a check',
    sql: `select t.relname || ': ' || coalesce(p.policyname || ' ' || coalesce(p.with_check, 'without check'), 'no policy') as fault
      from ${TABLES} t left join pg_policies p on p.schemaname = 'public' and p.tablename = t.relname
        and p.roles = array['${GROUP_ROLE}']::name[]
      where p.policyname is null or p.cmd <> 'ALL' or p.permissive <> 'PERMISSIVE'
        or p.qual !~ (${condition}) or p.with_check is null or p.with_check !~ (${check})`,
  },
  {
    name: 'no policy is for anybody but the application, the look-up role, which only reads, and the audit role for its chain',
    sql: `select tablename || ': ' || policyname as fault from pg_policies where schemaname = 'public'
      and roles <> array['${GROUP_ROLE}']::name[] and not (roles = array['${LOOKUP_ROLE}']::name[] and cmd = 'SELECT')
      and not (roles = array['${AUDIT_ROLE}']::name[] and (tablename = 'audit_events' and cmd = 'SELECT'
        or tablename = 'audit_heads' and cmd = 'ALL' or tablename = 'audit_addresses' and cmd = 'INSERT'))`,
  },
  {
    name: 'foreign keys between tenant tables include workspace_id on both sides',
    sql: `select k.conname || ' on ' || f.relname as fault from pg_constraint k
      join ${TABLES} f on f.oid = k.conrelid join ${TABLES} t on t.oid = k.confrelid
      where k.contype = 'f' and f.has_workspace and (t.has_workspace or t.relname = 'workspaces') and not exists (
        select from unnest(k.conkey, k.confkey) as pair (mine, theirs)
        join pg_attribute m on m.attrelid = k.conrelid and m.attnum = pair.mine
        join pg_attribute o on o.attrelid = k.confrelid and o.attnum = pair.theirs
        where m.attname = 'workspace_id' and o.attname = case when t.has_workspace then 'workspace_id' else 'id' end
      )`,
  },
  {
    name: 'unique indexes start with workspace_id, but for the reviewed ones',
    sql: `select i.indexrelid::regclass::text as fault from pg_index i join ${TABLES} t on t.oid = i.indrelid
      left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
      where i.indisunique and a.attname is distinct from 'workspace_id'
        and i.indexrelid::regclass::text not in (${list(REVIEWED_UNIQUE_INDEXES)})`,
  },
  {
    name: 'views run with the rights of whoever asks, and none is materialised',
    sql: `select relname as fault from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'm'
      or relkind = 'v' and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on'], false))`,
  },
  {
    name: 'functions with the rights of their owner have a fixed search_path, a role of their own as owner and no public access',
    sql: `select p.oid::regprocedure::text as fault from pg_proc p
      where p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and p.prosecdef and (
        not coalesce('search_path=pg_catalog, pg_temp' = any (p.proconfig), false)
        or p.proowner not in ('${LOOKUP_ROLE}'::regrole, '${AUDIT_ROLE}'::regrole) or has_function_privilege('public', p.oid, 'execute'))`,
  },
  {
    name: 'there is no schema but the known ones',
    sql: `select nspname as fault from pg_namespace where nspname not in ('public', 'information_schema', ${list(OTHER_SCHEMAS)})
      and nspname !~ '^pg_'`,
  },
  {
    name: 'nothing is granted to everybody',
    sql: `select c.oid::regclass::text as fault from pg_class c, aclexplode(c.relacl) a
      where c.relnamespace = 'public'::regnamespace and a.grantee = 0`,
  },
  {
    name: 'the login has no attribute that goes around row-level security or makes roles',
    sql: `select rolname as fault from pg_roles where rolname = current_user
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
  },
  {
    name: 'the login is a member of the application group and of nothing else',
    sql: `select rolname as fault from pg_roles where rolname <> current_user
      and pg_has_role(current_user, oid, 'MEMBER') is distinct from (rolname = '${GROUP_ROLE}')`,
  },
  {
    name: 'the login owns nothing',
    sql: `select oid::regclass::text as fault from pg_class where pg_has_role(current_user, relowner, 'USAGE')
      union all select oid::regprocedure::text from pg_proc where pg_has_role(current_user, proowner, 'USAGE')`,
  },
  {
    name: 'the login may not create, truncate, refer to or put triggers on anything',
    sql: `select 'create in schema ' || nspname as fault from pg_namespace where has_schema_privilege(oid, 'create')
      union all select 'create in the database' where has_database_privilege(current_database(), 'create')
      union all select 'temporary tables' where has_database_privilege(current_database(), 'temporary')
      union all select 'truncate or alike on ' || oid::regclass::text from pg_class
        where relkind in ('r', 'p') and relnamespace::regnamespace::text in ('public', ${list(OTHER_SCHEMAS)})
          and has_table_privilege(oid, 'truncate, references, trigger')`,
  },
  {
    name: 'the login may not change the ledgers of migrations',
    sql: `select oid::regclass::text as fault from pg_class where relname in ('${LEDGER}', 'migration') and relkind = 'r'
      and has_schema_privilege(relnamespace, 'usage') and has_table_privilege(oid, 'insert, update, delete, truncate')`,
  },
  {
    name: 'every table belongs to the owner role',
    sql: `select t.relname as fault from ${TABLES} t where t.relowner <> '${OWNER_ROLE}'::regrole`,
  },
];
