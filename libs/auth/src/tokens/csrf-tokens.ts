import { randomBytes } from 'node:crypto';

import { deriveKey, hmacSha256, isSameSecret } from '@app/crypto';
import { Injectable } from '@nestjs/common';

import { AuthSettings } from '../auth-settings';

const RANDOM_BYTES = 16;
const TOKEN = /^([A-Za-z0-9_-]{22})\.[A-Za-z0-9_-]{43}$/;

/**
 * Signed double submit (OWASP CSRF Prevention Cheat Sheet): a page of ours was told this token in an answer's body, which
 * no other origin can read, and shows it beside the cookie that the browser sends by itself. It is bound to the session,
 * good as long as that, and good for nothing without the cookie.
 */
@Injectable()
export class CsrfTokens {
  private readonly key: Buffer;

  constructor({ secrets }: AuthSettings) {
    this.key = deriveKey(secrets.secretKey, 'csrf-tokens');
  }

  issue(sessionId: string): string {
    return this.sign(sessionId, randomBytes(RANDOM_BYTES).toString('base64url'));
  }

  isFor(sessionId: string, token: string): boolean {
    const random = TOKEN.exec(token)?.[1];
    return random !== undefined && isSameSecret(this.sign(sessionId, random), token);
  }

  private sign(sessionId: string, random: string): string {
    return `${random}.${hmacSha256(this.key, `${sessionId}.${random}`).toString('base64url')}`;
  }
}
