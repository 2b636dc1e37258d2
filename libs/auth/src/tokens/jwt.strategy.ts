import { AppError } from '@app/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, type SecretOrKeyProvider, Strategy } from 'passport-jwt';

import { AuthSettings } from '../auth-settings';
import { Sessions } from '../sessions/sessions.service';
import { AccessTokenKey } from './access-token-key';
import { ACCESS_AUDIENCE, AccessTokens, type TokenSubject } from './access-tokens';

/**
 * The key, for tokens with exactly our own header. passport-jwt's types know text and bytes only, while jsonwebtoken
 * takes a KeyObject: that one can not be mistaken for a public key's text, nor printed.
 */
const keyFor =
  (tokens: AccessTokens, { key }: AccessTokenKey): SecretOrKeyProvider =>
  (_request, token: unknown, done: (error: unknown, key?: never) => void) => {
    if (typeof token === 'string' && tokens.hasOwnHeader(token)) done(null, key as never);
    else done(new AppError('auth.token-invalid'));
  };

/** Accepts `Authorization: Bearer` with an access token of a session that is alive. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly tokens: AccessTokens,
    @Inject(Sessions) private readonly sessions: Pick<Sessions, 'isAlive'>,
    key: AccessTokenKey,
    settings: AuthSettings,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: keyFor(tokens, key),
      algorithms: [key.header.alg],
      issuer: settings.tokens.issuer,
      audience: ACCESS_AUDIENCE,
      // `subjectOf` refuses expired tokens, by the product's clock instead of the machine's.
      ignoreExpiration: true,
    });
  }

  /** @throws AppError `auth.token-invalid` */
  async validate(claims: unknown): Promise<TokenSubject> {
    const subject = this.tokens.subjectOf(claims);
    if (!subject || !(await this.sessions.isAlive(subject))) throw new AppError('auth.token-invalid');
    return subject;
  }

  /**
   * Called by Nest's mixin to register the strategy. By default that is the one registry of the process, where a
   * second application would overwrite the first one's keys; `PassportAuthenticator` has a registry of its own.
   */
  getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }
}
