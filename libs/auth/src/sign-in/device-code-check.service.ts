import { AuditLog } from '@app/audit';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import type { Account } from '../accounts/accounts.service';
import type { ClientInfo } from '../client-info';
import { DeviceCodeMails } from './device-code-mails.service';
import { DeviceCodes } from './device-codes';

/** The extra step of a device that is not known, while many guess at the account. */
@Injectable()
export class DeviceCodeCheck {
  constructor(
    private readonly audit: AuditLog,
    private readonly codes: DeviceCodes,
    private readonly mails: DeviceCodeMails,
  ) {}

  /**
   * Before the password is looked at, and whether or not the address has an account. Resolves with the good code.
   *
   * @throws AppError `auth.device-code-required` without a code; one is mailed
   * @throws AppError `auth.device-code-invalid` for a wrong one, one that was used and one that is over
   */
  async mustBeGood(email: string, code: string | undefined, client: ClientInfo): Promise<string> {
    if (code === undefined) {
      await this.mails.ask(email, client);
      throw new AppError('auth.device-code-required');
    }
    if (await this.codes.isGood(email, code)) return code;
    const { ip, requestId } = client;
    const reason = 'wrong-device-code';
    await this.audit.recordAlone({ actor: { type: 'system' }, ip, requestId }, 'session.start-failed', { reason });
    throw new AppError('auth.device-code-invalid');
  }

  /**
   * After the right password: a slip of the finger there costs no code.
   * @throws AppError `auth.device-code-invalid` when another sign-in was faster
   */
  async spend({ id, email }: Account, code: string, { ip, requestId }: ClientInfo): Promise<void> {
    if (!(await this.codes.spend(email, code))) throw new AppError('auth.device-code-invalid');
    await this.audit.recordAlone({ actor: { type: 'user', id }, ip, requestId }, 'device-code.used');
  }
}
