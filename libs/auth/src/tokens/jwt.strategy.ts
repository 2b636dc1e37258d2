import type { HttpRequest } from '@app/http';
import { AppError } from '@app/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { type SecretOrKeyProvider, Strategy } from 'passport-jwt';

import { AuthSettings } from '../auth-settings';
import { Sessions } from '../sessions/sessions.service';
import { AccessTokenKeys } from './access-token-keys';
import { ACCESS_AUDIENCE, AccessTokens, type VerifiedToken } from './access-tokens';

/**
 * One word, one space, one token. The scheme is taken as this server documents it and in no other case: RFC 9110, 11.1
 * would allow any, and what a proxy in front reads differently from us is a way around the proxy.
 */
const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]+)$/;

const bearerTokenOf = ({ headers }: Pick<HttpRequest, 'headers'>): string | null =>
  BEARER.exec(headers.authorization ?? '')?.[1] ?? null;

/**
 * The key of a token whose header is exactly ours. passport-jwt's types know text and bytes only, while jsonwebtoken
 * takes a KeyObject: that one can not be mistaken for a public key's text, nor printed.
 */
const keyFor =
  (tokens: AccessTokens): SecretOrKeyProvider =>
  (_request, token: unknown, done: (error: unknown, key?: never) => void) => {
    const key = typeof token === 'string' ? tokens.keyOf(token) : undefined;
    if (key) done(null, key as never);
    else done(new AppError('auth.token-invalid'));
  };

/** Accepts `Authorization: Bearer` with an access token of a session that is alive. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly tokens: AccessTokens,
    @Inject(Sessions) private readonly sessions: Pick<Sessions, 'isAlive'>,
    keys: AccessTokenKeys,
    settings: AuthSettings,
  ) {
    super({
      jwtFromRequest: bearerTokenOf,
      secretOrKeyProvider: keyFor(tokens),
      algorithms: [keys.header.alg],
      issuer: settings.tokens.issuer,
      audience: ACCESS_AUDIENCE,
      // `subjectOf` refuses expired tokens, by the product's clock instead of the machine's.
      ignoreExpiration: true,
    });
  }

  /** @throws AppError `auth.token-expired`, or `auth.token-invalid` for all else, a session that ended included */
  async validate(claims: unknown): Promise<VerifiedToken> {
    const subject = this.tokens.subjectOf(claims);
    if (!(await this.sessions.isAlive(subject))) throw new AppError('auth.token-invalid');
    return subject;
  }

  /**
   * Called by Nest's mixin to register the strategy. By default that is the one registry of the process, where a
   * second application would overwrite the first one's keys; `BearerTokens` has a registry of its own.
   */
  getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }
}
