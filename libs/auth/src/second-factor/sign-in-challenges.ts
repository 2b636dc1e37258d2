import { KeyValueStore } from '@app/cache';
import { deriveKey, SecretBox, sha256 } from '@app/crypto';
import { AppError, Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';

import { AuthSettings } from '../auth-settings';
import type { ClientInfo } from '../client-info';

const TTL_SECONDS = 5 * 60;
const MAX_TRIES = 5;
const AAD = 'sign-in-challenge';

/** A sign-in that waits for the second factor. */
export interface SignInChallenge {
  readonly challenge: string;
  readonly expiresAt: Date;
}

interface Sealed {
  readonly id: string;
  readonly userId: string;
  readonly client: string;
  readonly expiresAt: number;
}

/** An IPv6 client is its /64, as for every limit. */
const fingerprint = ({ ip, userAgent = '' }: ClientInfo): string =>
  sha256(`${ip === undefined ? 'unknown' : normalizeIp(ip)}\n${userAgent}`).toString('base64url');

/**
 * What a client holds between the right password and the right code: sealed, so that it tells nothing, good for five
 * minutes, five tries, one sign-in, and the client it was given to. It opens nothing else.
 */
@Injectable()
export class SignInChallenges {
  private readonly box: SecretBox;

  constructor(
    settings: AuthSettings,
    private readonly store: KeyValueStore,
    private readonly clock: Clock,
  ) {
    this.box = new SecretBox(deriveKey(settings.secrets.secretKey, 'sign-in-challenges'));
  }

  issue(userId: string, client: ClientInfo): SignInChallenge {
    const expiresAt = this.clock.now().getTime() + TTL_SECONDS * 1000;
    const sealed: Sealed = { id: newId(), userId, client: fingerprint(client), expiresAt };
    const challenge = this.box.seal(Buffer.from(JSON.stringify(sealed)), AAD).toString('base64url');
    return { challenge, expiresAt: new Date(expiresAt) };
  }

  /**
   * Counts a try.
   * @throws AppError `auth.challenge-invalid` when it is over, was used, was tried too often, or is another client's
   */
  async open(challenge: string, client: ClientInfo): Promise<{ id: string; userId: string }> {
    const sealed = this.read(challenge);
    if (!sealed || sealed.expiresAt <= this.clock.now().getTime() || sealed.client !== fingerprint(client)) {
      throw new AppError('auth.challenge-invalid');
    }
    const tries = await this.count(`sign-in-challenge:tries:${sealed.id}`);
    if (tries > MAX_TRIES) throw new AppError('auth.challenge-invalid');
    return { id: sealed.id, userId: sealed.userId };
  }

  /** @throws AppError `auth.challenge-invalid` for all but the first that asks */
  async spend(id: string): Promise<void> {
    if ((await this.count(`sign-in-challenge:used:${id}`)) !== 1) throw new AppError('auth.challenge-invalid');
  }

  private read(challenge: string): Sealed | null {
    try {
      // Only this class seals with this key.
      return JSON.parse(this.box.open(Buffer.from(challenge, 'base64url'), AAD).toString()) as Sealed;
    } catch {
      return null;
    }
  }

  private async count(key: string): Promise<number> {
    try {
      return (await this.store.increment(key, TTL_SECONDS)).count;
    } catch (cause) {
      throw new AppError('service.not-ready', { cause });
    }
  }
}
