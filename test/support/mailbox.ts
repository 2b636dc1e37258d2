import { type ArrivedMail, SmtpInbox } from '@app/mail/testing';
import { until } from './until';

/** Everybody's mail: what the product sent to the stories' own SMTP server. */
export class Mailbox {
  private opening: Promise<SmtpInbox> | null = null;
  private inbox: SmtpInbox | null = null;

  /** For `SMTP_URL`. The server starts with the first process that needs it. */
  async url(): Promise<string> {
    this.opening ??= SmtpInbox.open();
    this.inbox = await this.opening;
    return this.inbox.url;
  }

  /** Everything that arrived so far, oldest first. */
  all(to: string): ArrivedMail[] {
    return this.inbox?.arrived.filter((mail) => mail.to === to.toLowerCase()) ?? [];
  }

  /** Waits for a mail to this address, and gives the newest that fits. */
  async waitFor(to: string, subject: RegExp = /./, seconds = 60): Promise<ArrivedMail> {
    const newest = (): ArrivedMail | undefined => this.all(to).findLast((mail) => subject.test(mail.subject));
    await until(() => newest() !== undefined, seconds, `a mail to ${to} with ${subject}`);
    const mail = newest();
    if (!mail) throw new Error('it was there a moment ago');
    return mail;
  }
}

/** The token behind the `#` of the mail's link. */
export function tokenIn({ text }: ArrivedMail): string {
  const token = /^https?:\/\/\S+#(\S+)$/m.exec(text)?.[1];
  if (token === undefined) throw new Error(`no link in the mail:\n${text}`);
  return token;
}

/** The code of the mail, which stands on a line of its own. */
export function codeIn({ text }: ArrivedMail): string {
  const code = /^(\w{4}-){2}\w{4}$/m.exec(text)?.[0];
  if (code === undefined) throw new Error(`no code in the mail:\n${text}`);
  return code;
}

/** One for all stacks of a test file: addresses are random, so nobody reads another's mail. */
export const mailbox = new Mailbox();
