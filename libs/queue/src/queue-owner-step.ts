import { runMigrations } from 'bullmq';
import type { OwnerStep } from '@app/database';

/** The queue's own schema: jobs of all workspaces, ids only. */
export const QUEUE_SCHEMA = 'queue';

/**
 * Creates and migrates the queue's schema as the owner and lets the application use it, and only use it. Goes into the
 * database's `ownerSteps`.
 */
export const queueOwnerStep: OwnerStep = async (client) => {
  await runMigrations(client, QUEUE_SCHEMA);
  await client.query(`
    revoke all on schema ${QUEUE_SCHEMA} from public;
    revoke all on all functions in schema ${QUEUE_SCHEMA} from public;
    grant usage on schema ${QUEUE_SCHEMA} to authenticated_users;
    grant select, insert, update, delete on all tables in schema ${QUEUE_SCHEMA} to authenticated_users;
    revoke insert, update, delete on ${QUEUE_SCHEMA}.migration from authenticated_users;
    grant usage, select on all sequences in schema ${QUEUE_SCHEMA} to authenticated_users;
    grant execute on all functions in schema ${QUEUE_SCHEMA} to authenticated_users;
  `);
};
