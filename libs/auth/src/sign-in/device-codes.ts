import { KeyValueStore } from '@app/cache';
import { deriveKey, hmacSha256 } from '@app/crypto';
import { Injectable } from '@nestjs/common';

import { normaliseEmail } from '../accounts/account-seals';
import { AuthSettings } from '../auth-settings';
import { inGroups, newTypedCode, readTypedCode } from '../typed-code';
import { mustReach } from './must-reach';

/**
 * 60 bits, so that guessing is hopeless without any counter over all addresses: that one could be filled against the owner.
 * Ten thousand guesses a second for a year (3.2e11) at twenty good codes (a mail server that is away gets a new one with
 * each retry) find one of 1.2e18 with a chance of 1 in 180,000, and the password is asked for beside it.
 */
const LETTERS = 12;
export const DEVICE_CODE_TTL_MINUTES = 15;
const TTL_SECONDS = DEVICE_CODE_TTL_MINUTES * 60;
/**
 * Five in an hour and no sixth, which is what `MailRequests` lets one mailbox bear: whoever asks all day long cannot use
 * the hour's mails up. It is less than a code's life, so that there is always a good one where somebody goes on asking.
 */
const MAIL_EVERY_SECONDS = 13 * 60;
/** Room for the signs people put between the groups. */
export const MAX_DEVICE_CODE_CHARACTERS = 40;

/**
 * The codes that let a new device in while many guess at an account. Kept by a keyed hash of address and code alone, in
 * the shared store: losing them costs another mail. Each is good once and for fifteen minutes, and a new one takes nothing
 * from those before it, so that nobody can spoil another person's.
 */
@Injectable()
export class DeviceCodes {
  private readonly key: Buffer;

  constructor(
    { secrets }: AuthSettings,
    private readonly store: KeyValueStore,
  ) {
    this.key = deriveKey(secrets.secretKey, 'device-codes');
  }

  /** Whether a mail is due to this address. Of many who ask at once, one is told so. */
  async claimMail(email: string): Promise<boolean> {
    return (await this.count(this.nameOf('mail', email), MAIL_EVERY_SECONDS)) === 1;
  }

  /** A new code, as it is mailed: `XXXX-XXXX-XXXX`. */
  async issue(email: string): Promise<string> {
    const code = newTypedCode(LETTERS);
    await mustReach(() => this.store.set(this.nameOf('code', email, code), '1', TTL_SECONDS));
    return inGroups(code);
  }

  /** The same work whether or not the address has an account or a code. */
  async isGood(email: string, text: string): Promise<boolean> {
    return (await mustReach(() => this.store.get(this.nameOf('code', email, readTypedCode(text))))) !== null;
  }

  /** Uses a good code up. Of many at once, one is told that it did. */
  async spend(email: string, text: string): Promise<boolean> {
    const name = this.nameOf('code', email, readTypedCode(text));
    if ((await this.count(`${name}:spent`, TTL_SECONDS)) !== 1) return false;
    await mustReach(() => this.store.delete(name));
    return true;
  }

  private async count(name: string, seconds: number): Promise<number> {
    return (await mustReach(() => this.store.increment(name, seconds))).count;
  }

  private nameOf(kind: string, email: string, ...rest: string[]): string {
    const parts = [kind, normaliseEmail(email), ...rest];
    return `device-code:${hmacSha256(this.key, parts.join('\n')).toString('base64url')}`;
  }
}
