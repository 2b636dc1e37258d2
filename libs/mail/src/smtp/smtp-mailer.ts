import { createTransport, type Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool';

import { type Mail, Mailer } from '../mailer';
import { MailNotSentError } from './mail-not-sent-error';

export interface SmtpSettings {
  /** `smtps://user:password@host:465`, or `smtp://host:587`, which must offer STARTTLS unless `allowsPlainText`. */
  readonly url: string;
  /** Sender, with or without a display name. */
  readonly from: string;
  /** Whether a server without TLS will do: on the same machine or in a private container network. */
  readonly allowsPlainText: boolean;
}

/** A mail server that says nothing for this long is not there. Milliseconds. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 } as const;
const MAX_CONNECTIONS = 3;

/** Sends over SMTP (RFC 5321), encrypted: TLS from the start with `smtps:`, else STARTTLS. */
export class SmtpMailer extends Mailer {
  private readonly transport: Transporter<SMTPPool.SentMessageInfo>;

  constructor(private readonly settings: SmtpSettings) {
    super();
    const { hostname, port, protocol, username, password } = new URL(settings.url);
    const isSecure = protocol === 'smtps:';
    this.transport = createTransport({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (isSecure ? 465 : 587) : Number(port),
      secure: isSecure,
      requireTLS: !isSecure && !settings.allowsPlainText,
      // A private network's certificate is seldom signed; where plain text would do, any certificate does.
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: isSecure || !settings.allowsPlainText },
      ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      pool: true,
      maxConnections: MAX_CONNECTIONS,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...TIMEOUTS,
    });
  }

  protected async deliver({ to, subject, text }: Mail, signal?: AbortSignal): Promise<void> {
    const sending = this.transport.sendMail({ from: this.settings.from, to: { name: '', address: to }, subject, text });
    try {
      await unlessAborted(sending, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw new MailNotSentError(error);
    }
  }

  /** Lets go of the connections to the mail server. */
  close(): void {
    this.transport.close();
  }
}

/** SMTP has no way to take a message back: an aborted one may still arrive. */
async function unlessAborted(sending: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (!signal) return void (await sending);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([sending, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    sending.catch(() => undefined);
  }
}
