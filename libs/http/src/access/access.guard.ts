import { AppError, ERROR_CATALOGUE, type UserContext, type WorkspaceContext } from '@app/kernel';
import { type CanActivate, type ExecutionContext, Injectable, Logger, Optional } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import type { HttpRequest } from '../http-request';
import { assertUuid } from '../validation/assert-uuid';
import { AccessRuleOf, NeedsStepUp } from './access-rule';
import { AccessTrail, type RefusalReason } from './access-trail';
import { enter, REFUSAL_CODES } from './entry';
import type { Permission } from './permissions';
import { type ApiKeyCaller, RequestAuthenticator } from './request-authenticator';
import { recordRefusal, routeOf } from './record-refusal';
import { setIdentity } from './request-identity';
import { VisitorAuthenticator } from './visitor-authenticator';
import { WorkspaceAccess } from './workspace-access';

/**
 * The one guard of the REST api, global: a route says who may call it with `@Public()`, `@SignedIn()`, `@ForVisitors()` or `@Can()`, and
 * a route that says nothing is refused. Sockets never come here; their gateway authenticates the handshake itself.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly security = new Logger('Security');

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: RequestAuthenticator,
    private readonly workspaces: WorkspaceAccess,
    private readonly trail: AccessTrail,
    /** Where nobody knows visitors, their routes are closed. */
    @Optional() private readonly visitors?: VisitorAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride(AccessRuleOf, [context.getHandler(), context.getClass()]);
    if (!rule) throw new AppError('access.denied');
    if (rule.kind === 'public') return true;

    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (rule.kind === 'visitor') return this.enterAsVisitor(request);
    const caller = await this.identify(() => this.authenticator.authenticate(context), request);
    if (rule.kind === 'can') await this.enterWorkspace(request, caller, rule.permission);
    else if ('apiKeyId' in caller) await this.refuse(request, keyContext(request, caller), 'not-a-user');
    else setIdentity(request, { user: userContext(request, caller) });
    const isDangerous = this.reflector.getAllAndOverride(NeedsStepUp, [context.getHandler(), context.getClass()]);
    if (isDangerous === true) await this.mustBeConfirmed(request, caller);
    return true;
  }

  /**
   * Strangers get a line in the log and no row in the trail: they may knock without end, and rows are for ever. The limit
   * of requests per address bounds the lines.
   */
  private async identify<T>(authenticate: () => Promise<T>, request: HttpRequest): Promise<T> {
    try {
      return await authenticate();
    } catch (error) {
      if (error instanceof AppError && ERROR_CATALOGUE[error.code].status === 401) {
        const { id: requestId, ip } = request;
        this.security.warn(
          { route: routeOf(request), code: error.code, requestId, ip },
          'request of a stranger refused',
        );
      }
      throw error;
    }
  }

  private async enterAsVisitor(request: HttpRequest): Promise<true> {
    const { visitors } = this;
    if (!visitors) throw new AppError('access.denied');
    const visitor = await this.identify(() => visitors.authenticate(request), request);
    const { workspaceId, visitorId } = visitor;
    const { id: requestId, ip } = request;
    setIdentity(request, {
      visitor,
      workspace: { workspaceId, actor: { type: 'visitor', id: visitorId }, requestId, ip },
    });
    return true;
  }

  private async enterWorkspace(
    request: HttpRequest,
    caller: UserContext | ApiKeyCaller,
    permission: Permission,
  ): Promise<void> {
    const workspaceId = assertUuid(request.params['workspaceId'], 'workspaceId');
    if ('apiKeyId' in caller) return this.enterAsKey(request, caller, workspaceId, permission);
    const user = userContext(request, caller);
    const entry = enter(await this.workspaces.roleOf(user.userId, workspaceId), permission);
    const { requestId, ip } = user;
    const workspace: WorkspaceContext = { workspaceId, actor: { type: 'user', id: user.userId }, requestId, ip };
    if ('role' in entry) return setIdentity(request, { user, role: entry.role, workspace });
    // A stranger's refusal does not go into the trail of a workspace they name.
    return this.refuse(request, entry.refused === 'not-a-member' ? user : workspace, entry.refused);
  }

  private async enterAsKey(
    request: HttpRequest,
    key: ApiKeyCaller,
    workspaceId: string,
    permission: Permission,
  ): Promise<void> {
    const workspace = keyContext(request, key);
    if (key.workspaceId !== workspaceId) return this.refuse(request, workspace, 'not-a-member');
    if (!key.permissions.has(permission)) return this.refuse(request, workspace, 'permission-missing');
    setIdentity(request, { workspace });
  }

  /** After everything else, so that it tells nothing to those who may not call the route anyway. */
  private async mustBeConfirmed(request: HttpRequest, caller: UserContext | ApiKeyCaller): Promise<void> {
    if ('apiKeyId' in caller) return this.refuse(request, keyContext(request, caller), 'not-a-user');
    const isConfirmed = await this.authenticator.isConfirmed(caller);
    if (!isConfirmed) await this.refuse(request, userContext(request, caller), 'step-up-missing');
  }

  private async refuse(
    request: HttpRequest,
    context: UserContext | WorkspaceContext,
    reason: RefusalReason,
  ): Promise<never> {
    await recordRefusal(this.trail, request, context, reason);
    throw new AppError(REFUSAL_CODES[reason]);
  }
}

const userContext = ({ id, ip }: HttpRequest, user: UserContext): UserContext => ({ ...user, requestId: id, ip });

const keyContext = ({ id, ip }: HttpRequest, key: ApiKeyCaller): WorkspaceContext => ({
  workspaceId: key.workspaceId,
  actor: { type: 'api-key', id: key.apiKeyId },
  requestId: id,
  ip,
});
