import { AppError, Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { KeyObject } from 'node:crypto';
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

/** The subject of a token that was verified. */
export interface VerifiedToken extends TokenSubject {
  readonly expiresAt: Date;
}

/** Access tokens: JWTs with `iss aud typ sub sid jti iat exp`, good for `accessTtlSeconds` and not one longer. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: AccessTokenKeys,
    private readonly settings: AuthSettings,
    private readonly clock: Clock,
  ) {}

  async issue(subject: TokenSubject): Promise<AccessToken> {
    const iat = this.nowSeconds();
    const exp = iat + this.settings.tokens.accessTtlSeconds;
    const { alg, kid } = this.keys.header;
    const accessToken = await this.jwt.signAsync(
      { typ: TYPE, sub: subject.userId, sid: subject.sessionId, jti: newId(), iat, exp },
      {
        [alg === 'HS256' ? 'secret' : 'privateKey']: this.keys.signingKey,
        algorithm: alg,
        keyid: kid,
        issuer: this.settings.tokens.issuer,
        audience: ACCESS_AUDIENCE,
      },
    );
    return { accessToken, expiresAt: new Date(exp * 1000) };
  }

  /** The key that must have signed a token; undefined when its text and header are not to the letter what we write. */
  keyOf(token: string): KeyObject | undefined {
    return isCanonical(token) ? this.keys.find(headerOf(token)) : undefined;
  }

  /**
   * Whom a token was issued to whose signature, issuer and audience were verified. Says nothing about whether the
   * session still lives.
   *
   * @throws AppError `auth.token-expired` for a token that was good until now
   * @throws AppError `auth.token-invalid` for claims that are missing, of another shape, or longer than we ever grant
   */
  subjectOf(claims: unknown): VerifiedToken {
    const { typ, sub, sid, jti, iat, nbf = iat, exp, aud } = isRecord(claims) ? claims : {};
    const areIds = isUuid(sub) && isUuid(sid) && isUuid(jti);
    const areTimes = [iat, nbf, exp].every(Number.isSafeInteger);
    if (typ !== TYPE || aud !== ACCESS_AUDIENCE || !areIds || !areTimes) throw new AppError('auth.token-invalid');
    const [issuedAt, expiresAt, now] = [Number(iat), Number(exp), this.nowSeconds()];
    const isTooLong = expiresAt - issuedAt > this.settings.tokens.accessTtlSeconds;
    const isAhead = Math.max(issuedAt, Number(nbf)) > now + MAX_CLOCK_SKEW_SECONDS;
    if (isTooLong || isAhead) throw new AppError('auth.token-invalid');
    if (now >= expiresAt) throw new AppError('auth.token-expired');
    return { userId: String(sub), sessionId: String(sid), expiresAt: new Date(expiresAt * 1000) };
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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
