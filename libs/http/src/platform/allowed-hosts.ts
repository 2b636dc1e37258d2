/** What a browser on the same machine sends; DNS rebinding needs any other name. */
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

/** Answers whether a request names a host that is served here. */
export class AllowedHosts {
  private readonly hosts: ReadonlySet<string>;

  /** @param hosts names, each for every port or with one; empty means the loopback names */
  constructor(hosts: readonly string[]) {
    this.hosts = new Set(hosts.length > 0 ? hosts.map((host) => host.toLowerCase()) : LOOPBACK_HOSTS);
  }

  /**
   * Whether there is exactly one Host header and it is served here. Looks at the raw header list, because Node lets two
   * of them through and shows the first.
   */
  isAllowed(rawHeaders: readonly string[]): boolean {
    const hosts = rawHeaders.filter(
      (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host',
    );
    return hosts.length === 1 && hosts.every((host) => this.isServed(host.toLowerCase()));
  }

  private isServed(host: string): boolean {
    return this.hosts.has(host) || this.hosts.has(host.replace(/:\d{1,5}$/, ''));
  }
}
