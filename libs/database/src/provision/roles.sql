-- Roles and privileges of one database. The migrate command runs this very file; a DBA may run it instead:
--
--   psql -d customercare -v ON_ERROR_STOP=1 \
--     -c "set customercare.application_login = 'customercare_production_app'" -f roles.sql
--
-- Needs a superuser, or a login with CREATEROLE that owns the database. It may be run again at any time. Set the login's
-- password yourself (`\password`). What the policies of each table say is printed by `npm run migrate -- --sql`.
do $roles$
declare
  login text := nullif(current_setting('customercare.application_login', true), '');
  wanted text;
begin
  -- app_owner owns every table, and nobody signs in as it. authenticated_users is named by policies and grants.
  -- app_lookup owns the look-up functions and may read just the columns they return. app_audit owns what chains the audit
  -- trail and reads the trail of every workspace to verify it.
  foreach wanted in array array['app_owner', 'authenticated_users', 'app_lookup', 'app_audit'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I nologin', wanted);
    end if;
  end loop;
  -- Since PostgreSQL 16 whoever creates a role may administer it and not act as it, so each right is asked for alone.
  if not pg_has_role('app_owner', 'app_lookup', 'USAGE') then
    grant app_lookup to app_owner;
  end if;
  if not pg_has_role('app_owner', 'app_audit', 'USAGE') then
    grant app_audit to app_owner;
  end if;
  if not pg_has_role(current_user, 'app_owner', 'USAGE') then
    execute format('grant app_owner to %I', current_user);
  end if;

  if login is not null then
    if not exists (select from pg_roles where rolname = login) then
      execute format('create role %I login', login);
    end if;
    if not pg_has_role(login, 'authenticated_users', 'USAGE') then
      execute format('grant authenticated_users to %I', login);
    end if;
    -- Short on purpose: the application does no long work in a transaction.
    execute format('alter role %I set statement_timeout = %L', login, '5s');
    execute format('alter role %I set lock_timeout = %L', login, '2s');
    execute format('alter role %I set idle_in_transaction_session_timeout = %L', login, '10s');
  end if;

  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to app_owner, authenticated_users', current_database());
  execute format('grant create on database %I to app_owner', current_database());
  revoke create on schema public from public;
  grant usage on schema public to authenticated_users, app_lookup, app_audit;
  grant usage, create on schema public to app_owner with grant option;

  -- What the owner makes later is nobody's until a migration grants it: a forgotten table is a closed one.
  alter default privileges for role app_owner revoke all on tables from public;
  alter default privileges for role app_owner revoke execute on functions from public;
end
$roles$;
