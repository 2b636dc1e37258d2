import type { HttpRequest } from '@app/http';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import passport from 'passport';

import type { VerifiedToken } from './access-tokens';
import { JwtStrategy } from './jwt.strategy';

type Carrier = Pick<HttpRequest, 'headers'>;
type Middleware = (request: Carrier, response: unknown, next: (error: Error) => void) => void;

/** The one way an access token is verified, whatever carried it here: passport's strategy. */
@Injectable()
export class BearerTokens {
  private readonly passport = new passport.Authenticator();

  constructor(strategy: JwtStrategy) {
    this.passport.use(strategy);
  }

  /**
   * @param carrier what has the token in its `Authorization` header
   * @throws AppError `auth.token-expired`, or `auth.token-invalid` for all else, a session that ended included
   */
  verify(carrier: Carrier): Promise<VerifiedToken> {
    return new Promise((resolve, reject) => {
      const settle = (error: unknown, token: VerifiedToken | false | null | undefined): void => {
        if (error) reject(error instanceof Error ? error : new AppError('internal.error', { cause: error }));
        else if (token) resolve(token);
        else reject(new AppError('auth.token-invalid'));
      };
      // Untyped in passport's own types, which speak of any framework. The strategy never touches the response.
      const authenticate = this.passport.authenticate('jwt', { session: false }, settle) as Middleware;
      authenticate(carrier, undefined, reject);
    });
  }
}
