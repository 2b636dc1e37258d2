import type { Tx } from '@app/database';
import type { Role } from '@app/http';
import { AppError, type WorkspaceContext } from '@app/kernel';

import { mayManage } from './roles';
import { WorkspaceMember } from './workspace-member';

/** One change of members at a time in a workspace, or two owners remove each other. Held until the transaction ends. */
export async function onlyOneAtATime(tx: Tx, { workspaceId }: WorkspaceContext): Promise<void> {
  await tx.query('select 1 from workspaces where id = $1 for update', [workspaceId]);
}

/** Whether somebody is a member now who may give, change or take away this role. */
export async function mayReach(tx: Tx, workspaceId: string, userId: string, role: Role): Promise<boolean> {
  const own = await tx.getRepository(WorkspaceMember).findOneBy({ workspaceId, userId });
  return own !== null && mayManage(own.role, role);
}

/**
 * Resolves the acting user's id.
 * @throws AppError `access.denied` when the role is above their own, or nobody's: API keys manage no people
 */
export async function mustReach(tx: Tx, { workspaceId, actor }: WorkspaceContext, role: Role): Promise<string> {
  if (actor.type !== 'user' || !(await mayReach(tx, workspaceId, actor.id, role))) throw new AppError('access.denied');
  return actor.id;
}
