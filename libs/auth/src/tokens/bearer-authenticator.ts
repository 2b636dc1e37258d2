import { type Caller, type HttpRequest, RequestAuthenticator } from '@app/http';
import { AppError, type UserContext } from '@app/kernel';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';

import { ApiKeyAuthenticator } from '../api-keys/api-key-authenticator';
import { SessionConfirmations } from '../step-up/session-confirmations';
import { BearerTokens } from './bearer-tokens';
import { CookieCallers } from './cookie-callers';

const isAuthorization = (header: string, index: number): boolean =>
  index % 2 === 0 && header.toLowerCase() === 'authorization';

/** Finds out who sends a request, for the guard of `@app/http`: by access token or API key, at signing out also by cookie. */
@Injectable()
export class BearerAuthenticator extends RequestAuthenticator {
  constructor(
    private readonly tokens: BearerTokens,
    @Inject(ApiKeyAuthenticator) private readonly apiKeys: Pick<ApiKeyAuthenticator, 'keyIn' | 'authenticate'>,
    @Inject(CookieCallers) private readonly cookies: Pick<CookieCallers, 'find'>,
    @Inject(SessionConfirmations) private readonly confirmations: Pick<SessionConfirmations, 'isFresh'>,
  ) {
    super();
  }

  async authenticate(context: ExecutionContext): Promise<Caller> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const { authorization } = request.headers;
    if (authorization === undefined) return this.cookies.find(context, request);
    // Node keeps the first of two and a proxy may have looked at the other one.
    if (request.raw.rawHeaders.filter(isAuthorization).length > 1) throw new AppError('auth.token-invalid');
    const apiKey = this.apiKeys.keyIn(authorization);
    if (apiKey !== null) return this.apiKeys.authenticate(apiKey);
    const { userId, sessionId } = await this.tokens.verify(request);
    return { userId, sessionId };
  }

  override isConfirmed(user: UserContext): Promise<boolean> {
    return this.confirmations.isFresh(user);
  }
}
