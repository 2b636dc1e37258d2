/** One message to one person. Plain text; links are absolute and made from the configured public URL alone. */
export interface Mail {
  /** One address, as its owner gave it. */
  readonly to: string;
  /** One line, at most 200 characters. */
  readonly subject: string;
  readonly text: string;
}

/** Sends mail. */
export abstract class Mailer {
  /**
   * Resolves when the mail server has taken the message, which says nothing about its arrival.
   *
   * @throws Error when it did not; whoever calls decides whether that matters
   */
  abstract send(mail: Mail, signal?: AbortSignal): Promise<void>;
}
