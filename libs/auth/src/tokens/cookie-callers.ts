import type { HttpRequest } from '@app/http';
import { AppError } from '@app/kernel';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import { SessionRefresh } from '../sessions/session-refresh.service';
import { AcceptsRefreshCookie } from './accepts-refresh-cookie';
import type { TokenSubject } from './access-tokens';
import { OwnPages } from './own-pages';
import { refreshCookieOf } from './refresh-cookie';

/** Who sends a request without an access token: nobody, but on the one route that takes the refresh cookie instead. */
@Injectable()
export class CookieCallers {
  constructor(
    private readonly reflector: Reflector,
    private readonly ownPages: OwnPages,
    @Inject(SessionRefresh) private readonly sessionRefresh: Pick<SessionRefresh, 'ownerOf'>,
  ) {}

  /** @throws AppError `auth.required`, and what `OwnPages` and `SessionRefresh.ownerOf` say */
  async find(context: ExecutionContext, request: HttpRequest): Promise<TokenSubject> {
    const isAccepted = this.reflector.get(AcceptsRefreshCookie, context.getHandler()) === true;
    if (!isAccepted || refreshCookieOf(request) === null) throw new AppError('auth.required');
    return this.sessionRefresh.ownerOf(this.ownPages.mustBeOwn(request));
  }
}
