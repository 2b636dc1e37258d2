import { deriveKey, hmacSha256, isSameSecret } from '@app/crypto';
import type { HttpRequest } from '@app/http';
import { Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { AuthSettings } from '../auth-settings';
import { hostCookieOf } from '../tokens/host-cookie';

export const DEVICE_COOKIE = '__Host-device';
export const DEVICE_TTL_SECONDS = 90 * 86_400;
/** Two ids, a time and a signature: 128 characters. */
export const MAX_DEVICE_TOKEN_CHARACTERS = 200;

const TOKEN = /^([0-9a-f-]{36})\.([0-9a-f-]{36})\.(\d{10,11})\.[\w-]{43}$/;

/** A device somebody signed in on, and whose account that was. */
export interface KnownDevice {
  readonly id: string;
  readonly userId: string;
}

/**
 * Device cookies against guessing (OWASP, Slow Down Online Guessing Attacks with Device Cookies): signed, for one account,
 * good for 90 days. A token opens nothing; it only says whose wrong passwords are not counted with those of strangers.
 */
@Injectable()
export class KnownDevices {
  private readonly key: Buffer;

  constructor(
    { secrets }: AuthSettings,
    private readonly clock: Clock,
  ) {
    this.key = deriveKey(secrets.secretKey, 'known-device');
  }

  /** After a sign-in. A device that is known keeps its id, so that signing in again is no way to more tries. */
  issue(userId: string, presented: string | null): string {
    const known = presented === null ? null : this.read(presented);
    const id = known?.userId === userId ? known.id : newId();
    const expiresAt = Math.floor(this.clock.now().getTime() / 1000) + DEVICE_TTL_SECONDS;
    return this.sign(`${userId}.${id}.${expiresAt}`);
  }

  /** Null for what was not issued here, and for what is over. */
  read(token: string): KnownDevice | null {
    const [, userId, id, expiresAt] = TOKEN.exec(token) ?? [];
    if (userId === undefined || id === undefined || Number(expiresAt) * 1000 <= this.clock.now().getTime()) return null;
    return isSameSecret(this.sign(`${userId}.${id}.${expiresAt}`), token) ? { id, userId } : null;
  }

  private sign(claims: string): string {
    return `${claims}.${hmacSha256(this.key, claims).toString('base64url')}`;
  }
}

/** The token of the body, of a client that keeps it itself, or the one a browser sends by itself; else null. */
export const presentedDevice = (fromBody: string | undefined, request: Pick<HttpRequest, 'headers'>): string | null =>
  fromBody ?? hostCookieOf(request, DEVICE_COOKIE);
