import { createSecretKey } from 'node:crypto';
import { deriveKey } from '@app/crypto';
import { AppError, Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { EmbedsOptions } from './embeds-options';

/** Who a visitor token speaks for. */
export interface VisitorClaims {
  readonly workspaceId: string;
  readonly embedId: string;
  /** The key the session was opened with; when it ends, so does the token. */
  readonly keyId: string;
  readonly visitorId: string;
  /** The site the token was issued to; it is worth nothing on any other. */
  readonly origin: string;
  /** Generation of the embed at issue. */
  readonly generation: number;
  readonly expiresAt: Date;
}

export interface IssuedVisitorToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Separates this key from every other key derived from the same secret. */
const KEY_PURPOSE = 'visitor-token/v1';
const TYPE = 'visitor';
const AUDIENCE_PREFIX = 'embed:';
/** Ours have about 500 characters; longer ones are not worth parsing. */
const MAX_TOKEN_CHARS = 2_048;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Issues and checks visitor tokens: JWT, HS256, bound to one embed, one generation and one origin. */
@Injectable()
export class VisitorTokens {
  private readonly jwt: JwtService;

  constructor(
    private readonly options: EmbedsOptions,
    private readonly clock: Clock,
  ) {
    // A KeyObject, because with a string every check would parse the key again (734 µs against 13 µs).
    const key = createSecretKey(deriveKey(options.jwtSecret, KEY_PURPOSE));
    this.jwt = new JwtService({ secret: key });
  }

  issue(claims: Omit<VisitorClaims, 'expiresAt'>): IssuedVisitorToken {
    const issuedAt = this.nowSeconds();
    const expiresAt = issuedAt + this.options.visitorTtlSeconds;
    const token = this.jwt.sign(
      {
        iss: this.options.issuer,
        aud: `${AUDIENCE_PREFIX}${claims.embedId}`,
        sub: claims.visitorId,
        typ: TYPE,
        workspaceId: claims.workspaceId,
        keyId: claims.keyId,
        origin: claims.origin,
        generation: claims.generation,
        jti: newId(),
        iat: issuedAt,
        exp: expiresAt,
      },
      { algorithm: 'HS256' },
    );
    return { token, expiresAt: new Date(expiresAt * 1000) };
  }

  /**
   * Checks signature, algorithm, issuer, type, expiry and origin. Whether the embed still accepts it is
   * `EmbedReader.isLive`'s to say.
   * @param origin the `Origin` header of the request that brought the token
   * @throws AppError `visitor.token-invalid`, the same for every reason
   */
  verify(token: unknown, origin: string | undefined): VisitorClaims {
    const claims = typeof token === 'string' && token.length <= MAX_TOKEN_CHARS ? this.read(token) : null;
    if (!claims || !origin || claims.origin !== origin) throw new AppError('visitor.token-invalid');
    return claims;
  }

  private read(token: string): VisitorClaims | null {
    try {
      const payload: unknown = this.jwt.verify(token, {
        algorithms: ['HS256'],
        issuer: this.options.issuer,
        clockTimestamp: this.nowSeconds(),
      });
      return toClaims(payload);
    } catch {
      // Which check failed would only help someone who forges tokens.
      return null;
    }
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

function toClaims(payload: unknown): VisitorClaims | null {
  if (typeof payload !== 'object' || payload === null) return null;
  // A signed payload of this key has these fields; each is checked before it is believed all the same.
  const { typ, aud, sub, exp, workspaceId, keyId, origin, generation } = payload as Record<string, unknown>;
  const embedId = embedIdIn(aud);
  if (typ !== TYPE || !embedId || !isUuid(sub) || !isUuid(workspaceId) || !isUuid(keyId)) return null;
  if (typeof origin !== 'string' || typeof generation !== 'number' || typeof exp !== 'number') return null;
  return { workspaceId, embedId, keyId, visitorId: sub, origin, generation, expiresAt: new Date(exp * 1000) };
}

function embedIdIn(audience: unknown): string | null {
  if (typeof audience !== 'string' || !audience.startsWith(AUDIENCE_PREFIX)) return null;
  const id = audience.slice(AUDIENCE_PREFIX.length);
  return isUuid(id) ? id : null;
}

const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
