import type { BlindIndex } from '@app/crypto';
import type { TestDatabase } from '@app/database/testing';

/** One line of the trail as it is stored. */
export interface AuditTrailRow {
  action: string;
  result: string;
  workspaceId: string | null;
  actorType: string;
  actorId: string | null;
  data: Record<string, unknown>;
  /** Keyed hash of the client address, hexadecimal; see `auditIndexOf`. */
  ipIndex: string | null;
  requestId: string | null;
}

/** What was recorded of an actor or in a workspace, oldest first, read past row-level security. */
export const auditTrailOf = (
  test: TestDatabase,
  { actorId, workspaceId }: { actorId?: string; workspaceId?: string },
): Promise<AuditTrailRow[]> =>
  test.inspect(
    `select action, result, workspace_id as "workspaceId", actor_type as "actorType", actor_id as "actorId", data,
       encode(ip_index, 'hex') as "ipIndex", request_id as "requestId"
     from audit_events
     where ($1::uuid is null or actor_id = $1) and ($2::uuid is null or workspace_id = $2) order by id`,
    [actorId ?? null, workspaceId ?? null],
  );

/** What an event of this workspace stores of an address. */
export const auditIndexOf = (index: BlindIndex, workspaceId: string | null, ip: string): string =>
  index.of({ table: 'audit_events', column: 'ip', workspaceId }, ip).toString('hex');
