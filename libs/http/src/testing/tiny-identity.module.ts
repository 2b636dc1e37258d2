import { AppError, newId, type UserContext } from '@app/kernel';
import { type ExecutionContext, Global, Injectable, Module } from '@nestjs/common';

import {
  AccessTrail,
  type DeniedRequest,
  type HttpRequest,
  RequestAuthenticator,
  type Role,
  WorkspaceAccess,
} from '../index';

/** Viewers of both workspaces. Their bearer tokens are their ids. Berta alone proved a moment ago that it is her. */
export const ANNA = newId();
export const BERTA = newId();
export const WORKSPACE = newId();
export const OTHER_WORKSPACE = newId();

@Injectable()
class BearerIsUserId extends RequestAuthenticator {
  async authenticate(context: ExecutionContext): Promise<UserContext> {
    const { authorization } = context.switchToHttp().getRequest<HttpRequest>().headers;
    if (!authorization) throw new AppError('auth.required');
    return { userId: authorization.replace('Bearer ', ''), sessionId: 'session' };
  }

  override async isConfirmed({ userId }: UserContext): Promise<boolean> {
    return userId === BERTA;
  }
}

@Injectable()
class TwoViewers extends WorkspaceAccess {
  async roleOf(userId: string, workspaceId: string): Promise<Role | null> {
    const isMember = [ANNA, BERTA].includes(userId) && [WORKSPACE, OTHER_WORKSPACE].includes(workspaceId);
    return isMember ? 'viewer' : null;
  }
}

class CollectedDenials extends AccessTrail {
  readonly requests: DeniedRequest[] = [];

  async denied(request: DeniedRequest): Promise<void> {
    this.requests.push(request);
  }
}

/** What the guard refused, in the order in which it did. */
export const deniedRequests = new CollectedDenials();

@Global()
@Module({
  providers: [
    { provide: RequestAuthenticator, useClass: BearerIsUserId },
    { provide: WorkspaceAccess, useClass: TwoViewers },
    { provide: AccessTrail, useValue: deniedRequests },
  ],
  exports: [RequestAuthenticator, WorkspaceAccess, AccessTrail],
})
export class TinyIdentityModule {}
