import { KeyValueStore } from '@app/cache';
import { sha256 } from '@app/crypto';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';

import { normaliseEmail } from '../accounts/accounts.service';

/** security guide A, A04; OWASP ASVS 5.0, 6.3.1. */
const MAX_ATTEMPTS = 5;
const WINDOW_SECONDS = 15 * 60;

/** Where an attempt stands. */
export interface Attempt {
  readonly isAllowed: boolean;
  /** True for the first refused attempt of a window alone: the one worth a line in the audit trail. */
  readonly isFirstRefused: boolean;
  readonly retryAfterSeconds: number;
}

/**
 * Five sign-ins in fifteen minutes for one account from one address, unknown accounts included. The account's owner
 * signs in from every other address all the while: nobody can lock anybody out. Attempts are counted before any work,
 * so that many at once are no way around it, and forgotten when one succeeds.
 */
@Injectable()
export class LoginThrottle {
  constructor(private readonly store: KeyValueStore) {}

  /** @throws AppError `service.not-ready` when the counter can not be reached: sign-in without a limit is no choice */
  async count(email: string, ip: string | undefined): Promise<Attempt> {
    try {
      const { count, resetsInSeconds } = await this.store.increment(keyOf(email, ip), WINDOW_SECONDS);
      return {
        isAllowed: count <= MAX_ATTEMPTS,
        isFirstRefused: count === MAX_ATTEMPTS + 1,
        retryAfterSeconds: resetsInSeconds,
      };
    } catch (cause) {
      throw new AppError('service.not-ready', { cause });
    }
  }

  async forget(email: string, ip: string | undefined): Promise<void> {
    await this.store.delete(keyOf(email, ip));
  }
}

/** An IPv6 client is its /64, as for every limit. Hashed: the store must not become a list of who tried to sign in. */
const keyOf = (email: string, ip: string | undefined): string =>
  `login:${sha256(`${normaliseEmail(email)}\n${ip === undefined ? 'unknown' : normalizeIp(ip)}`).toString('base64url')}`;
