import { AuditLog } from '@app/audit';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { type Account, Accounts } from '../accounts/accounts.service';
import type { ClientInfo } from '../client-info';
import { SignInCompletion, type SignInStep } from '../second-factor/sign-in-completion.service';
import { DeviceCodeCheck } from './device-code-check.service';
import { KnownDevices } from './known-devices';
import { type Attempt, LoginThrottle } from './login-throttle';

type FailureReason = 'unknown-account' | 'wrong-password' | 'throttled';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** What the client got at an earlier sign-in, if it has it. */
  readonly deviceToken?: string | null;
  /** From a mail. Looked at where one is asked for, and nowhere else. */
  readonly deviceCode?: string;
}

/** Signs people in with e-mail and password. */
@Injectable()
export class SignIn {
  constructor(
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly completion: SignInCompletion,
    private readonly throttle: LoginThrottle,
    private readonly devices: KnownDevices,
    private readonly codes: DeviceCodeCheck,
  ) {}

  /**
   * @throws AppError `auth.invalid-credentials` for a wrong password and for an unknown e-mail alike
   * @throws AppError `auth.account-suspended` to somebody with the right password
   * @throws AppError `limit.logins` with `retryAfterSeconds`, before any hashing, also for the right password
   * @throws AppError `auth.device-code-required` and `auth.device-code-invalid`, before any hashing too, on a device that is
   *   not known, while many guess at the account
   */
  async signIn(credentials: Credentials, client: ClientInfo): Promise<SignInStep> {
    const { email, password, deviceToken } = credentials;
    const deviceId = await this.knownDeviceOf(email, deviceToken ?? null);
    const attempt = await this.throttle.count({ email, ip: client.ip, deviceId });
    const code = await this.mustBeOpen(attempt, credentials, client);
    const { account, isRight } = await this.accounts.verify(email, password);
    if (!account || !isRight) {
      await this.recordFailure(account, account ? 'wrong-password' : 'unknown-account', client);
      throw new AppError('auth.invalid-credentials');
    }
    if (code !== null) await this.codes.spend(account, code, client);
    await attempt.succeeded();
    return this.completion.begin(account, client);
  }

  /** The mailed code that opened it, to be spent; null where none was needed. */
  private async mustBeOpen(
    attempt: Attempt,
    { email, deviceCode }: Credentials,
    client: ClientInfo,
  ): Promise<string | null> {
    if (attempt.isAllowed) return null;
    if (attempt.isOpenWithCode) return this.codes.mustBeGood(email, deviceCode, client);
    if (attempt.isFirstRefused) await this.recordFailure(null, 'throttled', client);
    throw new AppError('limit.logins', { retryAfterSeconds: attempt.retryAfterSeconds });
  }

  /** Only who holds a token signed here makes us look an account up before the attempt is counted. */
  private async knownDeviceOf(email: string, deviceToken: string | null): Promise<string | null> {
    const device = deviceToken === null ? null : this.devices.read(deviceToken);
    if (!device) return null;
    return (await this.accounts.findByEmail(email))?.id === device.userId ? device.id : null;
  }

  /** In its own transaction, for every kind of failure: known and unknown accounts take the same time. */
  private recordFailure(account: Account | null, reason: FailureReason, { ip, requestId }: ClientInfo): Promise<void> {
    const actor = account ? ({ type: 'user', id: account.id } as const) : ({ type: 'system' } as const);
    return this.audit.recordAlone({ actor, ip, requestId }, 'session.start-failed', { reason });
  }
}
