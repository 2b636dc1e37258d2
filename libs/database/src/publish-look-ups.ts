import type { QueryRunner } from 'typeorm';
import { GROUP_ROLE, LOOKUP_ROLE } from './provision/roles';

/**
 * Hands SECURITY DEFINER functions to the look-up role, whose rights they run with, and lets the application alone call
 * them. Every migration that makes such a function calls this; the catalogue check reports those that did not.
 *
 * @param functions with the types of their arguments: `find_user(uuid)`
 */
export async function publishLookUps(db: QueryRunner, functions: readonly string[]): Promise<void> {
  await db.query(`grant create on schema public to ${LOOKUP_ROLE}`);
  for (const name of functions) {
    await db.query(`
      alter function ${name} owner to ${LOOKUP_ROLE};
      revoke all on function ${name} from public;
      grant execute on function ${name} to ${GROUP_ROLE};
    `);
  }
  await db.query(`revoke create on schema public from ${LOOKUP_ROLE}`);
}
