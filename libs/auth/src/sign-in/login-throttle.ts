import { KeyValueStore } from '@app/cache';
import { deriveKey, hmacSha256 } from '@app/crypto';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';

import { normaliseEmail } from '../accounts/accounts.service';
import { AuthSettings } from '../auth-settings';
import { type CountedFailure, FailureCounter } from './failure-counter';
import { GrowingDelay, type Verdict } from './growing-delay';

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
  succeeded(): Promise<void>;
}

/**
 * Who may try a password, counted before any work, so that many at once are no way around it, and for unknown accounts
 * too:
 *
 * - five in fifteen minutes for one account from one address, then growing waits; forgotten when one succeeds;
 * - thirty failures in fifteen minutes from one address, over all accounts;
 * - fifty failures an hour for one account, over all addresses.
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
    return { ...(await this.device.count(name)), succeeded: () => mustReach(() => this.device.forget(name)) };
  }

  private async ofStranger(account: string, address: string): Promise<Attempt> {
    const name = this.nameOf('own', account, address);
    const own = await this.own.count(name);
    const counted: CountedFailure[] = [];
    const succeeded = () =>
      mustReach(async () => {
        await this.own.forget(name);
        for (const failure of counted) await failure.credit();
      });
    if (!own.isAllowed) return { ...own, succeeded };
    const shared = [
      [this.address, this.nameOf('address', address)],
      [this.account, this.nameOf('account', account)],
    ] as const;
    for (const [counter, sharedName] of shared) {
      const failure = await counter.count(sharedName);
      counted.push(failure);
      if (!failure.isAllowed) return { ...failure, succeeded };
    }
    return { ...own, succeeded };
  }

  /** A keyed hash: the store must not become a list of who tried to sign in, nor one that can be searched by guessing. */
  private nameOf(counter: string, ...parts: string[]): string {
    return `login:${hmacSha256(this.key, [counter, ...parts].join('\n')).toString('base64url')}`;
  }
}

async function mustReach<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AppError('service.not-ready', { cause });
  }
}
