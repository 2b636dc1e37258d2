import { MailLinks, Mailer, MailOutbox } from '@app/mail';
import { Injectable } from '@nestjs/common';

import type { Account } from './account-seals';

/** Mails about passwords and sign-ins. They hold no name a stranger could choose, and never a password. */
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

  sendDeviceCode({ email }: Account, code: string, minutes: number, signal: AbortSignal): Promise<void> {
    const text = [
      'Many wrong passwords were tried for your account. Until that is over, signing in on a new device needs this code',
      'beside your password:',
      '',
      code,
      '',
      `It is good once, for ${minutes} minutes. If it is not you who signs in, do nothing: without your password the code`,
      'opens nothing, and devices you have signed in on before need none. Never tell it to anybody.',
      '',
    ].join('\n');
    return this.mailer.send({ to: email, subject: 'Your code to sign in to CustomerCare', text }, signal);
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
