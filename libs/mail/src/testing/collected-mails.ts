import { type Mail, Mailer } from '../index';

/** Keeps what was sent. */
export class CollectedMails extends Mailer {
  readonly sent: Mail[] = [];

  protected async deliver(mail: Mail): Promise<void> {
    this.sent.push(mail);
  }
}
