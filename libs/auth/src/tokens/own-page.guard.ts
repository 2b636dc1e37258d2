import type { HttpRequest } from '@app/http';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';

import { OwnPages } from './own-pages';
import { refreshCookieOf } from './refresh-cookie';

const bringsToken = (body: unknown): boolean => typeof body === 'object' && body !== null && 'refreshToken' in body;

/** For the route that refreshes: where the cookie is what counts, a page of ours must have sent it. */
@Injectable()
export class OwnPageGuard implements CanActivate {
  constructor(private readonly ownPages: OwnPages) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (!bringsToken(request.body) && refreshCookieOf(request) !== null) this.ownPages.mustBeOwn(request);
    return true;
  }
}
