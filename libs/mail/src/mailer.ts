/** One message to one person. Plain text; links are absolute and made from the configured public URL alone. */
export interface Mail {
  /** One address, as its owner gave it. */
  readonly to: string;
  /** One line, at most 200 characters. */
  readonly subject: string;
  readonly text: string;
}

/** RFC 5322, 2.1.1 allows 998; a person reads less. */
const MAX_SUBJECT_CHARACTERS = 200;
/** One mailbox without a display name: nothing that could name a second recipient or end a header line. */
const ADDRESS = /^[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\@]+$/;
const CONTROL = /\p{Cc}/u;

/**
 * Sends mail, one attempt at a time. Where an answer must not wait for the mail server, or the mail must survive a
 * crash, post it to the `MailOutbox` instead.
 */
export abstract class Mailer {
  /**
   * Resolves when the mail server has taken the message, which says nothing about its arrival.
   *
   * @throws Error when it did not; whoever calls decides whether that matters. The error names no address.
   */
  async send(mail: Mail, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!ADDRESS.test(mail.to)) throw new Error('A mail needs exactly one address');
    if (CONTROL.test(mail.subject) || mail.subject.length > MAX_SUBJECT_CHARACTERS) {
      throw new Error('The subject of a mail must be one short line');
    }
    await this.deliver(mail, signal);
  }

  /** `mail` was checked: one address, one line of subject. */
  protected abstract deliver(mail: Mail, signal?: AbortSignal): Promise<void>;
}
