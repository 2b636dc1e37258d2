import { MailLinks, Mailer, MailOutbox } from '@app/mail';
import { Injectable } from '@nestjs/common';

import type { Account } from './account-seals';

/** Mails about passwords. They hold no name a stranger could choose, and never a password. */
@Injectable()
export class AccountMails {
  constructor(
    private readonly links: MailLinks,
    private readonly mailer: Mailer,
    private readonly outbox: MailOutbox,
  ) {}

  sendResetLink({ email }: Account, token: string, minutes: number, signal: AbortSignal): Promise<void> {
    const text = [
      'Somebody asked for a new password for this address. If that was you, open this link:',
      '',
      this.links.to('/account/reset-password', token),
      '',
      `It is good once, for ${minutes} minutes. If it was not you, do nothing: your password stays as it is.`,
      '',
    ].join('\n');
    return this.mailer.send({ to: email, subject: 'Choose a new password for CustomerCare', text }, signal);
  }

  postPasswordChanged({ email }: Account): Promise<void> {
    const text = [
      'The password of your account was changed, and every other session was signed out.',
      '',
      'If it was not you, choose a new password now and tell your administrator:',
      '',
      this.links.to('/account/reset-password'),
      '',
    ].join('\n');
    return this.outbox.post({ to: email, subject: 'Your CustomerCare password was changed', text });
  }
}
