import { MailLinks, Mailer } from '@app/mail';
import { Injectable } from '@nestjs/common';

/** Mails about registrations. They hold nothing a stranger could choose. */
@Injectable()
export class RegistrationMails {
  constructor(
    private readonly links: MailLinks,
    private readonly mailer: Mailer,
  ) {}

  sendLink(to: string, token: string, hours: number, signal: AbortSignal): Promise<void> {
    const text = [
      'Somebody registered for CustomerCare with this address. If that was you, open this link to make your account:',
      '',
      this.links.to('/account/confirm', token),
      '',
      `It is good once, for ${hours} hours. If it was not you, do nothing: no account is made.`,
      '',
    ].join('\n');
    return this.mailer.send({ to, subject: 'Confirm your address for CustomerCare', text }, signal);
  }

  sendHasAccount(to: string, signal: AbortSignal): Promise<void> {
    const text = [
      'Somebody registered for CustomerCare with this address, which has an account already. Nothing was changed.',
      '',
      'If that was you, sign in with the password you have, or choose a new one:',
      '',
      this.links.to('/account/reset-password'),
      '',
      'If it was not you, there is nothing to do.',
      '',
    ].join('\n');
    return this.mailer.send({ to, subject: 'You have a CustomerCare account', text }, signal);
  }
}
