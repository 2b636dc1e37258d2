import type { TestDatabase } from '@app/database/testing';

/** One line of the trail as it is stored. */
export interface AuditTrailRow {
  action: string;
  workspaceId: string | null;
  actorType: string;
  actorId: string | null;
  data: Record<string, unknown>;
  ip: string | null;
  requestId: string | null;
}

/** What was recorded of an actor or in a workspace, oldest first, read past row-level security. */
export const auditTrailOf = (
  test: TestDatabase,
  { actorId, workspaceId }: { actorId?: string; workspaceId?: string },
): Promise<AuditTrailRow[]> =>
  test.inspect(
    `select action, workspace_id as "workspaceId", actor_type as "actorType", actor_id as "actorId", data, ip,
       request_id as "requestId"
     from audit_events
     where ($1::uuid is null or actor_id = $1) and ($2::uuid is null or workspace_id = $2) order by id`,
    [actorId ?? null, workspaceId ?? null],
  );
