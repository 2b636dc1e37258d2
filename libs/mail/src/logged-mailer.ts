import { type Mail, Mailer } from './mailer';

/**
 * Writes mails to the terminal instead of sending them, so that somebody who tries the product without a mail server can
 * follow the links. Development only: production does not start without `SMTP_URL`.
 */
export class LoggedMailer extends Mailer {
  constructor(private readonly write: (text: string) => void) {
    super();
  }

  protected async deliver({ to, subject, text }: Mail): Promise<void> {
    const body = text.trimEnd().split('\n');
    this.write(`${['', `── mail to ${to}: ${subject}`, ...body.map((line) => `│ ${line}`), '──', ''].join('\n')}\n`);
  }
}
