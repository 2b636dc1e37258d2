import type { Actor, UserContext, WorkspaceContext } from '@app/kernel';

/** Someone who is not signed in: a failed sign-in, a refused visitor. `user` when the server knows whom it concerns. */
export interface OutsideContext {
  readonly actor: Actor;
  readonly requestId?: string;
  readonly ip?: string;
}

/** Whoever can be named in the trail. A workspace's events carry its id; the others belong to no workspace. */
export type AuditContext = WorkspaceContext | UserContext | OutsideContext;

/** Ids, codes, counts. Never a name, an e-mail, a message text or a secret: rows can not be changed later. */
export type AuditData = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export const actorOf = (ctx: AuditContext): Actor => ('actor' in ctx ? ctx.actor : { type: 'user', id: ctx.userId });

export const workspaceOf = (ctx: AuditContext): WorkspaceContext | null => ('workspaceId' in ctx ? ctx : null);
