/** Who acts. The server derives it from a verified token; a client never names it. */
export type Actor =
  | { readonly type: 'user'; readonly id: string }
  | { readonly type: 'visitor'; readonly id: string }
  | { readonly type: 'api-key'; readonly id: string }
  | { readonly type: 'system' };

/** The tenant a unit of work runs in, and who asked for it. First argument of everything that touches tenant data. */
export interface WorkspaceContext {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly requestId?: string;
  /** Client address as the trusted hops report it. */
  readonly ip?: string;
}

/** A signed-in user outside any workspace: own profile, own sessions, own memberships. */
export interface UserContext {
  readonly userId: string;
  readonly sessionId: string;
  readonly requestId?: string;
  readonly ip?: string;
}

export const systemContext = (workspaceId: string): WorkspaceContext => ({ workspaceId, actor: { type: 'system' } });
