import { Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { validate as isUuid } from 'uuid';

import { AuthSettings } from '../auth-settings';
import { AccessTokenKey } from './access-token-key';

/** `aud` of access tokens: this REST api and its agent sockets. */
export const ACCESS_AUDIENCE = 'customercare-api';
const TYPE = 'access';
/** Ours have about 450 characters. Anything much longer is not read at all. */
const MAX_TOKEN_CHARACTERS = 2048;

export interface AccessToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

/** Who an access token was issued to. */
export interface TokenSubject {
  readonly userId: string;
  readonly sessionId: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Access tokens: HS256 JWTs with `iss aud typ sub sid jti iat exp`, good for `accessTtlSeconds` and not one longer. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly key: AccessTokenKey,
    private readonly settings: AuthSettings,
    private readonly clock: Clock,
  ) {}

  issue(subject: TokenSubject): AccessToken {
    const iat = this.nowSeconds();
    const exp = iat + this.settings.tokens.accessTtlSeconds;
    const accessToken = this.jwt.sign(
      { typ: TYPE, sub: subject.userId, sid: subject.sessionId, jti: newId(), iat, exp },
      {
        algorithm: this.key.header.alg,
        keyid: this.key.header.kid,
        issuer: this.settings.tokens.issuer,
        audience: ACCESS_AUDIENCE,
      },
    );
    return { accessToken, expiresAt: new Date(exp * 1000) };
  }

  /** Whether a token carries exactly the header this server writes. Says nothing about its signature. */
  hasOwnHeader(token: string): boolean {
    if (token.length > MAX_TOKEN_CHARACTERS) return false;
    const expected = Object.entries(this.key.header);
    try {
      const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
      return (
        isRecord(header) &&
        Object.keys(header).length === expected.length &&
        expected.every(([name, value]) => header[name] === value)
      );
    } catch {
      return false;
    }
  }

  /**
   * Reads the claims of a token whose signature, issuer and audience were verified. Null when a claim is missing or of
   * another shape, when the token is expired by the product's clock, or lives longer than this server ever grants.
   */
  subjectOf(claims: unknown): TokenSubject | null {
    if (!isRecord(claims)) return null;
    const { typ, sub, sid, jti, iat, exp } = claims;
    if (typ !== TYPE || !isUuid(sub) || !isUuid(sid) || !isUuid(jti)) return null;
    if (!Number.isSafeInteger(iat) || !Number.isSafeInteger(exp)) return null;
    const [issuedAt, expiresAt, now] = [Number(iat), Number(exp), this.nowSeconds()];
    if (now >= expiresAt || expiresAt - issuedAt > this.settings.tokens.accessTtlSeconds) return null;
    return { userId: String(sub), sessionId: String(sid) };
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}
