import { AuditLog } from '@app/audit';
import { AppError, newId } from '@app/kernel';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

import type { ClientInfo } from '../client-info';
import { AccountMails } from './account-mails';
import { Accounts } from './accounts.service';
import { MailRequests } from './mail-requests';
import { newOneTimeSecret, readOneTimeToken } from './one-time-token';
import { PasswordResetLinks, RESET_TTL_MINUTES } from './password-reset-links';
import { Passwords } from './passwords.service';

const KIND = 'password-resets';

interface ResetJob {
  readonly id: string;
  readonly email: string;
  readonly secret: string;
}

/** New passwords for those who forgot theirs. */
@Injectable()
export class PasswordResets implements OnApplicationBootstrap {
  constructor(
    private readonly audit: AuditLog,
    private readonly requests: MailRequests,
    private readonly accounts: Accounts,
    private readonly links: PasswordResetLinks,
    private readonly mails: AccountMails,
    private readonly passwords: Passwords,
  ) {}

  /** Mails a link, if the address has an account. Resolves alike if it has none, and when it had enough mails. */
  async request(email: string, { ip, requestId }: ClientInfo): Promise<void> {
    await this.audit.recordAlone({ actor: { type: 'system' }, ip, requestId }, 'password-reset.requested');
    const job: ResetJob = { id: newId(), email, secret: newOneTimeSecret().toString('base64url') };
    await this.requests.ask(KIND, email, job);
  }

  /**
   * Spends the link: the new password counts, every session and every other link is over.
   *
   * @throws AppError `auth.link-invalid` for a link that is spent, over, or was never sent
   * @throws AppError `auth.password-weak` and alike; the link stays good then
   */
  async confirm(token: string, password: string, { ip, requestId }: ClientInfo): Promise<void> {
    const wanted = readOneTimeToken(token);
    if (!wanted) throw new AppError('auth.link-invalid');
    const link = await this.links.mustFind(wanted);
    const by = { actor: { type: 'user', id: link.userId } as const, ip, requestId };
    await this.passwords.replace(link.userId, password, async (tx) => {
      await this.links.spend(tx, link);
      await this.passwords.endSessions(tx, link.userId, by);
      await this.audit.record(tx, by, 'password.reset');
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.requests.process<ResetJob>(KIND, (job, signal) => this.send(job, signal));
  }

  private async send({ id, email, secret }: ResetJob, signal: AbortSignal): Promise<void> {
    const account = await this.accounts.findByEmail(email);
    if (!account) return;
    const token = await this.links.issue(account.id, id, Buffer.from(secret, 'base64url'));
    await this.mails.sendResetLink(account, token, RESET_TTL_MINUTES, signal);
  }
}
