import { AppError, Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import { validate as isUuid } from 'uuid';

import { AuthSettings } from '../auth-settings';
import { AccessTokenKeys } from './access-token-keys';

/** `aud` of access tokens: this REST api and its agent sockets. */
export const ACCESS_AUDIENCE = 'customercare-api';
const TYPE = 'access';
/** Ours have 450 to 750 characters. Anything much longer is not read at all. */
const MAX_TOKEN_CHARACTERS = 2048;
/** How far the clock of the node that issued a token may run ahead. The end of a token has no such grace. */
const MAX_CLOCK_SKEW_SECONDS = 30;

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

/** Who an access token was issued to. */
export interface TokenSubject {
  readonly userId: string;
  readonly sessionId: string;
}

/** Access tokens: JWTs with `iss aud typ sub sid jti iat exp`, good for `accessTtlSeconds` and not one longer. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: AccessTokenKeys,
    private readonly settings: AuthSettings,
    private readonly clock: Clock,
  ) {}

  async issue(subject: TokenSubject): Promise<AccessToken> {
    const { SignJWT } = await import('jose');
    const iat = this.nowSeconds();
    const exp = iat + this.settings.tokens.accessTtlSeconds;
    const accessToken = await new SignJWT({ typ: TYPE, sid: subject.sessionId })
      .setProtectedHeader({ ...this.keys.header })
      .setSubject(subject.userId)
      .setIssuer(this.settings.tokens.issuer)
      .setAudience(ACCESS_AUDIENCE)
      .setJti(newId())
      .setIssuedAt(iat)
      .setExpirationTime(exp)
      .sign(this.keys.signingKey);
    return { accessToken, expiresAt: new Date(exp * 1000) };
  }

  /**
   * Whom a token was issued to. Says nothing about whether the session still lives.
   *
   * @throws AppError `auth.token-expired` for a token that was good until now
   * @throws AppError `auth.token-invalid` for everything else: not to the letter what this server writes
   */
  async verify(token: string): Promise<TokenSubject> {
    const key = isCanonical(token) ? this.keys.find(headerOf(token)) : undefined;
    if (!key) throw new AppError('auth.token-invalid');
    const { jwtVerify, errors } = await import('jose');
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [this.keys.header.alg],
        issuer: this.settings.tokens.issuer,
        audience: ACCESS_AUDIENCE,
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
        currentDate: this.clock.now(),
        clockTolerance: 0,
      });
      return this.subjectOf(payload);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError(cause instanceof errors.JWTExpired ? 'auth.token-expired' : 'auth.token-invalid', { cause });
    }
  }

  /** From claims whose signature, issuer, audience and times were verified. */
  private subjectOf({ typ, sub, sid, jti, iat, exp, aud }: JWTPayload): TokenSubject {
    const areIds = isUuid(sub) && isUuid(sid) && isUuid(jti);
    if (typ !== TYPE || aud !== ACCESS_AUDIENCE || !areIds) throw new AppError('auth.token-invalid');
    const [issuedAt, expiresAt] = [Number(iat), Number(exp)];
    const isOurs =
      Number.isSafeInteger(issuedAt) &&
      Number.isSafeInteger(expiresAt) &&
      expiresAt - issuedAt <= this.settings.tokens.accessTtlSeconds &&
      issuedAt <= this.nowSeconds() + MAX_CLOCK_SKEW_SECONDS;
    if (!isOurs) throw new AppError('auth.token-invalid');
    return { userId: String(sub), sessionId: String(sid) };
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

/** Three parts, each written in the one way there is: a token has no second spelling. */
function isCanonical(token: string): boolean {
  if (token.length > MAX_TOKEN_CHARACTERS) return false;
  const parts = token.split('.');
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function headerOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
