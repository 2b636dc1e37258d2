import { KeyValueStore } from '@app/cache';
import { deriveKey, hmacSha256 } from '@app/crypto';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';

import { normaliseEmail } from '../accounts/accounts.service';
import { AuthSettings } from '../auth-settings';
import { type CountedFailure, FailureCounter } from './failure-counter';
import { GrowingDelay, type Verdict } from './growing-delay';
import { mustReach } from './must-reach';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** security guide A, A04; OWASP ASVS 5.0, 6.3.1. */
const OWN = { maxAttempts: 5, windowSeconds: 15 * MINUTE, longestDelaySeconds: HOUR, memorySeconds: 24 * HOUR };
/** Of a known device: without growth, for nobody else fills it. */
const DEVICE = { ...OWN, longestDelaySeconds: OWN.windowSeconds };
const ADDRESS = { maxFailures: 30, windowSeconds: 15 * MINUTE };
const ACCOUNT = { maxFailures: 50, windowSeconds: HOUR };

/** Who tries. */
export interface Attempting {
  readonly email: string;
  readonly ip: string | undefined;
  /** The id of a device on which this account was signed in to before, or null. */
  readonly deviceId: string | null;
}

/** Where an attempt stands, and what to take back when it turns out well. */
export interface Attempt extends Verdict {
  /** Refused for what others did to the account alone: whoever can read its mail is let through. */
  readonly isOpenWithCode: boolean;
  succeeded(): Promise<void>;
}

/**
 * Who may try a password, counted before any work, so that many at once are no way around it, and for unknown accounts
 * too:
 *
 * - five in fifteen minutes for one account from one address, then growing waits; forgotten when one succeeds;
 * - thirty failures in fifteen minutes from one address, over all accounts;
 * - fifty failures an hour for one account, over all addresses; from then on a mailed code is asked for.
 *
 * A device the account was signed in on before has five in fifteen minutes of its own and meets none of these, so
 * that strangers cannot lock an owner out. What one counter refuses is not counted by the next.
 */
@Injectable()
export class LoginThrottle {
  private readonly key: Buffer;
  private readonly own: GrowingDelay;
  private readonly device: GrowingDelay;
  private readonly address: FailureCounter;
  private readonly account: FailureCounter;

  constructor({ secrets }: AuthSettings, store: KeyValueStore, clock: Clock) {
    this.key = deriveKey(secrets.secretKey, 'login-throttle');
    this.own = new GrowingDelay(store, clock, OWN);
    this.device = new GrowingDelay(store, clock, DEVICE);
    this.address = new FailureCounter(store, clock, ADDRESS);
    this.account = new FailureCounter(store, clock, ACCOUNT);
  }

  /** @throws AppError `service.not-ready` when a counter can not be reached: sign-in without a limit is no choice */
  async count({ email, ip, deviceId }: Attempting): Promise<Attempt> {
    const account = normaliseEmail(email);
    // An IPv6 client is its /64, as for every limit.
    const address = ip === undefined ? 'unknown' : normalizeIp(ip);
    return mustReach(() => (deviceId ? this.ofDevice(account, deviceId) : this.ofStranger(account, address)));
  }

  private async ofDevice(account: string, deviceId: string): Promise<Attempt> {
    const name = this.nameOf('device', account, deviceId);
    const succeeded = () => mustReach(() => this.device.forget(name));
    return { ...(await this.device.count(name)), isOpenWithCode: false, succeeded };
  }

  private async ofStranger(account: string, address: string): Promise<Attempt> {
    const name = this.nameOf('own', account, address);
    const own = await this.own.count(name);
    if (!own.isAllowed) return { ...own, isOpenWithCode: false, succeeded: () => this.takeBack(name, []) };
    const ofAddress = await this.address.count(this.nameOf('address', address));
    if (!ofAddress.isAllowed) {
      return { ...ofAddress, isOpenWithCode: false, succeeded: () => this.takeBack(name, [ofAddress]) };
    }
    const ofAccount = await this.account.count(this.nameOf('account', account));
    const { isAllowed } = ofAccount;
    const succeeded = () => this.takeBack(name, [ofAddress, ofAccount]);
    return { ...(isAllowed ? own : ofAccount), isOpenWithCode: !isAllowed, succeeded };
  }

  private takeBack(ownName: string, failures: CountedFailure[]): Promise<void> {
    return mustReach(async () => {
      await this.own.forget(ownName);
      for (const failure of failures) await failure.credit();
    });
  }

  /** A keyed hash: the store must not become a list of who tried to sign in, nor one that can be searched by guessing. */
  private nameOf(counter: string, ...parts: string[]): string {
    return `login:${hmacSha256(this.key, [counter, ...parts].join('\n')).toString('base64url')}`;
  }
}
