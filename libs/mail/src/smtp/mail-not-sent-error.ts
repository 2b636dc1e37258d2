/** A short word or number, such as `EAUTH`, `RCPT TO` or 451; anything longer may quote something. */
function codeIn(error: unknown, name: string): string | null {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : null;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return /^[A-Z0-9 ]{1,20}$/i.test(text) ? text : null;
}

/**
 * The mail server did not take a message. Holds the codes alone: what servers write into their answers, and the
 * library into its errors, quotes addresses and sometimes the message.
 */
export class MailNotSentError extends Error {
  readonly code: string;

  constructor(error: unknown) {
    const codes = ['code', 'command', 'responseCode'].map((name) => codeIn(error, name));
    const known = codes.filter((code) => code !== null);
    super(`The mail server did not take a message (${known.join(', ') || 'no code'})`);
    this.code = known[0] ?? 'UNKNOWN';
  }
}
