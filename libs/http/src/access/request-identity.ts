import type { UserContext, WorkspaceContext } from '@app/kernel';

import type { HttpRequest } from '../http-request';
import type { Role } from './permissions';
import type { VisitorCaller } from './visitor-authenticator';

/** What the AccessGuard found out about a request: a user, in a workspace or in none, a workspace's key, or a visitor. */
export interface RequestIdentity {
  /** Undefined for API keys and visitors. */
  readonly user?: UserContext;
  readonly visitor?: VisitorCaller;
  readonly workspace?: WorkspaceContext;
  readonly role?: Role;
}

const IDENTITY = Symbol('customercare.identity');

interface IdentifiedRequest extends HttpRequest {
  [IDENTITY]?: RequestIdentity;
}

/** Written by the AccessGuard alone. */
export function setIdentity(request: HttpRequest, identity: RequestIdentity): void {
  const identified: IdentifiedRequest = request;
  identified[IDENTITY] = identity;
}

/** Undefined on public routes. */
export function identityOf(request: HttpRequest): RequestIdentity | undefined {
  const identified: IdentifiedRequest = request;
  return identified[IDENTITY];
}
