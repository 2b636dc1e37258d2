import { randomBytes } from 'node:crypto';

import { deriveKey, hmacSha256, isSameSecret, sha256 } from '@app/crypto';
import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';

import { AuthSettings } from '../auth-settings';

const SECRET_BYTES = 32;
/** Half of the hash, the least RFC 2104, 5 allows: 128 bits. */
const TAG_BYTES = 16;
const TOKEN = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{64})$/;

/** A refresh token as this server knows it. Only `hash` is stored. */
export interface RefreshToken {
  readonly sessionId: string;
  /** What the client keeps: `<session id>.<secret and tag>`. */
  readonly text: string;
  /** SHA-256 of the secret: 32 bytes. */
  readonly hash: Buffer;
  readonly secret: Buffer;
}

/**
 * Refresh tokens are opaque to clients: a session's id, a 256-bit secret and a tag over both.
 *
 * The tag tells a token this server once issued from an invented one without a look into the database, so that knowing
 * a session's id (it is in every access token) is not enough to have the session closed for reuse.
 * The next secret is an HMAC of the one before: the successor of a token can be given again to a client that lost the
 * answer, although nothing but hashes is stored.
 */
@Injectable()
export class RefreshTokens {
  private readonly chainKey: Buffer;
  private readonly tagKey: Buffer;

  constructor({ secrets }: AuthSettings) {
    this.chainKey = deriveKey(secrets.secretKey, 'refresh-token-chain');
    this.tagKey = deriveKey(secrets.secretKey, 'refresh-token-tag');
  }

  /** The first token of a session. */
  first(sessionId: string): RefreshToken {
    return this.toToken(sessionId, randomBytes(SECRET_BYTES));
  }

  /** The token that follows: always the same one for the same token. */
  successorOf(token: RefreshToken): RefreshToken {
    return this.toToken(
      token.sessionId,
      hmacSha256(this.chainKey, `${token.sessionId}.${token.secret.toString('hex')}`),
    );
  }

  /** Null for text this server never issued. Says nothing about whether the session lives. */
  read(text: string): RefreshToken | null {
    const [, sessionId = '', encoded = ''] = TOKEN.exec(text) ?? [];
    if (!isUuid(sessionId)) return null;
    const token = this.toToken(sessionId, Buffer.from(encoded, 'base64url').subarray(0, SECRET_BYTES));
    return isSameSecret(token.text, text) ? token : null;
  }

  private toToken(sessionId: string, secret: Buffer): RefreshToken {
    const tag = hmacSha256(this.tagKey, `${sessionId}.${secret.toString('hex')}`).subarray(0, TAG_BYTES);
    const text = `${sessionId}.${Buffer.concat([secret, tag]).toString('base64url')}`;
    return { sessionId, text, hash: sha256(secret), secret };
  }
}
