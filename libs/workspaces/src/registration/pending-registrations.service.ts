import { Accounts, type ClientInfo, MailRequests, newOneTimeSecret, readOneTimeToken } from '@app/auth';
import { AuditLog } from '@app/audit';
import { AppError, newId } from '@app/kernel';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import { type NewAccount, type Registered, type Registration, RegistrationService } from './registration.service';
import { REGISTRATION_TTL_HOURS, RegistrationLinks } from './registration-links';
import { RegistrationMails } from './registration-mails';

const KIND = 'registrations';

interface RegistrationJob {
  /** Becomes the account's. */
  readonly id: string;
  readonly secret: string;
  readonly account: NewAccount;
}

/** Accounts are made when somebody shows that the address is theirs. */
@Injectable()
export class PendingRegistrations implements OnApplicationBootstrap {
  constructor(
    private readonly audit: AuditLog,
    private readonly requests: MailRequests,
    private readonly accounts: Accounts,
    private readonly registration: RegistrationService,
    private readonly links: RegistrationLinks,
    private readonly mails: RegistrationMails,
  ) {}

  /**
   * Mails a link that makes the account, or to somebody who has one that they have one. Resolves alike.
   * @throws AppError `auth.password-weak` and alike
   */
  async request(input: Registration, { ip, requestId }: ClientInfo): Promise<void> {
    const account = await this.registration.prepare(input);
    await this.audit.recordAlone({ actor: { type: 'system' }, ip, requestId }, 'registration.requested');
    const job: RegistrationJob = { id: newId(), secret: newOneTimeSecret().toString('base64url'), account };
    await this.requests.ask(KIND, account.email, job);
  }

  /**
   * Makes the account and its workspace, and signs in. A link is good once.
   * @throws AppError `auth.link-invalid`, also when the address got an account meanwhile
   */
  async confirm(token: string, client: ClientInfo): Promise<Registered> {
    const wanted = readOneTimeToken(token);
    if (!wanted) throw new AppError('auth.link-invalid');
    try {
      return await this.registration.make(wanted.ownerId, client, (tx) => this.links.take(tx, wanted));
    } catch (cause) {
      const isTaken = cause instanceof AppError && cause.code === 'auth.email-taken';
      throw isTaken ? new AppError('auth.link-invalid', { cause }) : cause;
    }
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.requests.process<RegistrationJob>(KIND, (job, signal) => this.send(job, signal));
  }

  private async send({ id, secret, account }: RegistrationJob, signal: AbortSignal): Promise<void> {
    const { email } = account;
    if (await this.accounts.findByEmail(email)) return this.mails.sendHasAccount(email, signal);
    const token = await this.links.issue(id, Buffer.from(secret, 'base64url'), account);
    await this.mails.sendLink(email, token, REGISTRATION_TTL_HOURS, signal);
  }
}
