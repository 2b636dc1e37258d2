import type { ErrorCode, UserContext, WorkspaceContext } from '@app/kernel';

import type { HttpRequest } from '../http-request';
import type { AccessTrail, RefusalReason } from './access-trail';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const recorded = new WeakSet<HttpRequest>();

/** `PUT /v1/workspaces/:workspaceId` */
export const routeOf = (request: HttpRequest): string => `${request.method} ${request.routeOptions.url ?? ''}`;

/** Leaves one trace of a refused request, whoever refuses it and however often. */
export async function recordRefusal(
  trail: AccessTrail,
  request: HttpRequest,
  context: UserContext | WorkspaceContext,
  reason: RefusalReason | ErrorCode,
): Promise<void> {
  if (recorded.has(request)) return;
  recorded.add(request);
  const named = Object.entries(request.params).filter(([, value]) => value !== undefined && UUID.test(value));
  const { workspaceId = null, ...ids } = Object.fromEntries(named) as Record<string, string>; // the texts that passed
  await trail.denied({ context, route: routeOf(request), reason, workspaceId, ids });
}
