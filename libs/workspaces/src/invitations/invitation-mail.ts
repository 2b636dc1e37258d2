import { MailLinks, MailOutbox } from '@app/mail';
import { Injectable } from '@nestjs/common';

import { INVITATION_DAYS } from './invitation-terms';

/**
 * Mails invitations. The text is the same for people with and without an account, and holds nothing its sender could
 * have written: it goes to addresses of their choice.
 */
@Injectable()
export class InvitationMail {
  constructor(
    private readonly links: MailLinks,
    private readonly outbox: MailOutbox,
  ) {}

  /** Resolves when it is safely stored; it is sent later. */
  post(email: string, token: string): Promise<void> {
    return this.outbox.post({
      to: email,
      subject: 'You are invited to a CustomerCare workspace',
      text: [
        'Somebody invited you to work with them in a CustomerCare workspace. To accept, sign in with this address (or',
        'register it first) and open this link:',
        '',
        this.links.to('/account/invitation', token),
        '',
        `It is good once, for ${INVITATION_DAYS} days, and for this address alone. If you do not know what it is about,`,
        'do nothing.',
        '',
      ].join('\n'),
    });
  }
}
