/** Links in mails. They start with the configured public address, never with what a request said of itself. */
export class MailLinks {
  /** @param publicUrl without a trailing slash */
  constructor(private readonly publicUrl: string) {}

  /** The token stands in the fragment: browsers send it to no server, and no proxy logs it. */
  to(path: `/${string}`, token?: string): string {
    return `${this.publicUrl}${path}${token === undefined ? '' : `#${token}`}`;
  }
}
