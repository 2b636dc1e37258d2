import { AuditLog } from '@app/audit';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { type Account, Accounts } from '../accounts/accounts.service';
import type { ClientInfo } from '../client-info';
import { SignInCompletion, type SignInStep } from '../second-factor/sign-in-completion.service';
import { KnownDevices } from './known-devices';
import { LoginThrottle } from './login-throttle';

type FailureReason = 'unknown-account' | 'wrong-password' | 'throttled';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** What the client got at an earlier sign-in, if it has it. */
  readonly deviceToken?: string | null;
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
  ) {}

  /**
   * @throws AppError `auth.invalid-credentials` for a wrong password and for an unknown e-mail alike
   * @throws AppError `auth.account-suspended` to somebody with the right password
   * @throws AppError `limit.logins` with `retryAfterSeconds`, before any hashing, also for the right password
   */
  async signIn({ email, password, deviceToken }: Credentials, client: ClientInfo): Promise<SignInStep> {
    const deviceId = await this.knownDeviceOf(email, deviceToken ?? null);
    const attempt = await this.throttle.count({ email, ip: client.ip, deviceId });
    if (!attempt.isAllowed) {
      if (attempt.isFirstRefused) await this.recordFailure(null, 'throttled', client);
      throw new AppError('limit.logins', { retryAfterSeconds: attempt.retryAfterSeconds });
    }
    const { account, isRight } = await this.accounts.verify(email, password);
    if (!account || !isRight) {
      await this.recordFailure(account, account ? 'wrong-password' : 'unknown-account', client);
      throw new AppError('auth.invalid-credentials');
    }
    await attempt.succeeded();
    return this.completion.begin(account, client);
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
