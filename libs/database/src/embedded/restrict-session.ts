import type { ClientBase } from 'pg';
import { LOOKUP_ROLE, OWNER_ROLE } from '../provision/roles';

/**
 * Closes the ways by which SQL inside a statement could change who the shared session is. Its real user is always a
 * superuser, so PostgreSQL itself would allow it; on a server this is not needed, there the login is who it is.
 *
 * - `set_config` and `pg_settings` set any setting, `session_authorization` among them: only the function that enters a
 *   workspace may still call it.
 * - Anonymous blocks and new functions could hold `SET`: the languages are for the owner alone.
 *
 * Together with the statement guard, which reads each statement's first words, nothing is left.
 */
export async function restrictEmbeddedSession(client: ClientBase): Promise<void> {
  await client.query(`
    revoke execute on function pg_catalog.set_config(text, text, boolean) from public;
    grant execute on function pg_catalog.set_config(text, text, boolean) to ${OWNER_ROLE}, ${LOOKUP_ROLE};
    revoke update on pg_catalog.pg_settings from public;
    revoke usage on language plpgsql, sql from public;
    grant usage on language plpgsql, sql to ${OWNER_ROLE}, ${LOOKUP_ROLE};
  `);
}
