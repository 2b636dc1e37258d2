import { AppError, type UserContext } from '@app/kernel';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import type { HttpRequest } from '../http-request';
import { assertUuid } from '../validation/assert-uuid';
import { AccessRuleOf } from './access-rule';
import { isAllowed, type Permission } from './permissions';
import { RequestAuthenticator } from './request-authenticator';
import { setIdentity } from './request-identity';
import { WorkspaceAccess } from './workspace-access';

/**
 * The one guard of the REST api, global: a route says who may call it with `@Public()`, `@SignedIn()` or `@Can()`, and
 * a route that says nothing is refused. Sockets never come here; their gateway authenticates the handshake itself.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: RequestAuthenticator,
    private readonly workspaces: WorkspaceAccess,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.getAllAndOverride(AccessRuleOf, [context.getHandler(), context.getClass()]);
    if (!rule) throw new AppError('access.denied');
    if (rule.kind === 'public') return true;

    const request = context.switchToHttp().getRequest<HttpRequest>();
    const user = { ...(await this.authenticator.authenticate(context)), requestId: request.id, ip: request.ip };
    if (rule.kind === 'signed-in') setIdentity(request, { user });
    else await this.enterWorkspace(request, user, rule.permission);
    return true;
  }

  private async enterWorkspace(request: HttpRequest, user: UserContext, permission: Permission): Promise<void> {
    const workspaceId = assertUuid(request.params['workspaceId'], 'workspaceId');
    const role = await this.workspaces.roleOf(user.userId, workspaceId);
    if (role === null) throw new AppError('workspace.not-found');
    if (!isAllowed(role, permission)) throw new AppError('access.denied');
    const { requestId, ip } = user;
    setIdentity(request, {
      user,
      role,
      workspace: { workspaceId, actor: { type: 'user', id: user.userId }, requestId, ip },
    });
  }
}
