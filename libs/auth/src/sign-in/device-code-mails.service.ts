import { AuditLog } from '@app/audit';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import { AccountMails } from '../accounts/account-mails';
import { Accounts } from '../accounts/accounts.service';
import { MailRequests } from '../accounts/mail-requests';
import type { ClientInfo } from '../client-info';
import { DEVICE_CODE_TTL_MINUTES, DeviceCodes } from './device-codes';

const KIND = 'device-codes';

interface CodeJob {
  readonly email: string;
}

/** Mails the codes. Made when the mail is sent, they lie nowhere meanwhile, and each retry has one of its own. */
@Injectable()
export class DeviceCodeMails implements OnApplicationBootstrap {
  constructor(
    private readonly audit: AuditLog,
    private readonly requests: MailRequests,
    private readonly accounts: Accounts,
    private readonly codes: DeviceCodes,
    private readonly mails: AccountMails,
  ) {}

  /** Mails a code, if the address has an account and had none a moment ago. Resolves alike if not. */
  async ask(email: string, { ip, requestId }: ClientInfo): Promise<void> {
    if (!(await this.codes.claimMail(email))) return;
    await this.audit.recordAlone({ actor: { type: 'system' }, ip, requestId }, 'device-code.requested');
    const job: CodeJob = { email };
    await this.requests.ask(KIND, email, job);
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.requests.process<CodeJob>(KIND, (job, signal) => this.send(job, signal));
  }

  private async send({ email }: CodeJob, signal: AbortSignal): Promise<void> {
    const account = await this.accounts.findByEmail(email);
    if (!account) return;
    const code = await this.codes.issue(account.email);
    await this.mails.sendDeviceCode(account, code, DEVICE_CODE_TTL_MINUTES, signal);
  }
}
