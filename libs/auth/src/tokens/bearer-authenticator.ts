import { type Caller, type HttpRequest, RequestAuthenticator } from '@app/http';
import { AppError, type UserContext } from '@app/kernel';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import passport from 'passport';

import { ApiKeyAuthenticator } from '../api-keys/api-key-authenticator';
import { SessionConfirmations } from '../step-up/session-confirmations';
import { CookieCallers } from './cookie-callers';
import type { TokenSubject } from './access-tokens';
import { JwtStrategy } from './jwt.strategy';

type Middleware = (request: HttpRequest, response: unknown, next: (error: Error) => void) => void;

const isAuthorization = (header: string, index: number): boolean =>
  index % 2 === 0 && header.toLowerCase() === 'authorization';

/** Finds out who sends a request, for the guard of `@app/http`: by access token or API key, at signing out also by cookie. */
@Injectable()
export class BearerAuthenticator extends RequestAuthenticator {
  private readonly passport = new passport.Authenticator();

  constructor(
    strategy: JwtStrategy,
    @Inject(ApiKeyAuthenticator) private readonly apiKeys: Pick<ApiKeyAuthenticator, 'keyIn' | 'authenticate'>,
    @Inject(CookieCallers) private readonly cookies: Pick<CookieCallers, 'find'>,
    @Inject(SessionConfirmations) private readonly confirmations: Pick<SessionConfirmations, 'isFresh'>,
  ) {
    super();
    this.passport.use(strategy);
  }

  async authenticate(context: ExecutionContext): Promise<Caller> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const { authorization } = request.headers;
    if (authorization === undefined) return this.cookies.find(context, request);
    // Node keeps the first of two and a proxy may have looked at the other one.
    if (request.raw.rawHeaders.filter(isAuthorization).length > 1) throw new AppError('auth.token-invalid');
    const apiKey = this.apiKeys.keyIn(authorization);
    if (apiKey !== null) return this.apiKeys.authenticate(apiKey);
    return this.subjectOf(request, context.switchToHttp().getResponse());
  }

  override isConfirmed(user: UserContext): Promise<boolean> {
    return this.confirmations.isFresh(user);
  }

  /** Runs the passport strategy. */
  private subjectOf(request: HttpRequest, response: unknown): Promise<TokenSubject> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, subject: TokenSubject | false | null | undefined): void => {
        if (error) reject(error instanceof Error ? error : new AppError('internal.error', { cause: error }));
        else if (subject) resolve(subject);
        else reject(new AppError('auth.token-invalid'));
      };
      // Untyped in passport's own types, which speak of any framework.
      const authenticate = this.passport.authenticate('jwt', { session: false }, settle) as Middleware;
      authenticate(request, response, reject);
    });
  }
}
