import { type Mail, Mailer } from '../index';

/** Keeps what was sent. */
export class CollectedMails extends Mailer {
  readonly sent: Mail[] = [];

  async send(mail: Mail): Promise<void> {
    this.sent.push(mail);
  }
}
