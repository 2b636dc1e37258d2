import type { ErrorCode, UserContext, WorkspaceContext } from '@app/kernel';

export type RefusalReason =
  'not-a-member' | 'permission-missing' | 'not-a-user' | 'step-up-missing' | 'workspace-suspended';

/** A request of somebody known that was refused. */
export interface DeniedRequest {
  /** In whose name: a user outside any workspace they belong to, or a member or key of this one. */
  readonly context: UserContext | WorkspaceContext;
  /** `PUT /v1/workspaces/:workspaceId` */
  readonly route: string;
  /** What the guard found wanting, or the code of the error by which the route itself refused. */
  readonly reason: RefusalReason | ErrorCode;
  /** The workspace the path names, which may not exist. */
  readonly workspaceId: string | null;
  /** The other ids the path names, by parameter. Whatever is no UUID is left out: strangers choose these texts. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Keeps the trace of refused requests. Implemented by audit, in a transaction of its own. */
export abstract class AccessTrail {
  /** Never rejects: a refusal stays a refusal when nothing can be written. */
  abstract denied(request: DeniedRequest): Promise<void>;
}
