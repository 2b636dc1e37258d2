import type { UserContext, WorkspaceContext } from '@app/kernel';

/** A request of somebody known that was refused. */
export interface DeniedRequest {
  /** In whose name: a user outside any workspace they belong to, or a member or key of this one. */
  readonly context: UserContext | WorkspaceContext;
  /** `PUT /v1/workspaces/:workspaceId` */
  readonly route: string;
  /** What was asked for. For a stranger it is the workspace itself. */
  readonly reason: 'not-a-member' | 'permission-missing' | 'not-a-user' | 'step-up-missing' | 'workspace-suspended';
  /** The workspace the path names, which may not exist. */
  readonly workspaceId: string | null;
}

/** Keeps the trace of refused requests. Implemented by audit, in a transaction of its own. */
export abstract class AccessTrail {
  /** Never rejects: a refusal stays a refusal when nothing can be written. */
  abstract denied(request: DeniedRequest): Promise<void>;
}
