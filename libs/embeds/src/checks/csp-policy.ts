/** What a policy in a page's `<meta>` says about loading and calling (CSP Level 3). Header policies are not in the HTML. */
export class CspPolicy {
  private readonly directives = new Map<string, string[]>();

  constructor(content: string) {
    for (const part of content.split(';')) {
      const [name = '', ...sources] = part.trim().split(/\s+/);
      // The first of two directives of a name counts.
      if (name !== '' && !this.directives.has(name.toLowerCase())) this.directives.set(name.toLowerCase(), sources);
    }
  }

  /** Whether the script element may load: its address is listed, or its nonce, or a hash of it may be. */
  allowsScript(src: URL, nonce: string | undefined): boolean {
    const sources = this.find('script-src-elem', 'script-src', 'default-src');
    if (sources === null) return true;
    if (nonce !== undefined && sources.includes(`'nonce-${nonce}'`)) return true;
    // With 'strict-dynamic' addresses count for nothing (8.2).
    return !sources.includes("'strict-dynamic'") && allows(sources, src);
  }

  allowsConnection(address: URL): boolean {
    const sources = this.find('connect-src', 'default-src');
    return sources === null || allows(sources, address);
  }

  private find(...names: string[]): string[] | null {
    const name = names.find((one) => this.directives.has(one));
    return name === undefined ? null : (this.directives.get(name) ?? null);
  }
}

/** 6.7.2.8, without paths and without `'self'`: the widget's server is another one than the page's. */
const allows = (sources: string[], address: URL): boolean =>
  sources.some((source) => {
    if (source === '*') return /^(https?|wss?):$/.test(address.protocol);
    if (/^[a-z][a-z0-9+.-]*:$/i.test(source)) return source.toLowerCase() === address.protocol;
    const [, scheme, host = '', port] =
      /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/:]+)(?::(\d+|\*))?(?:\/.*)?$/i.exec(source) ?? [];
    if (scheme !== undefined && !isSameScheme(scheme.toLowerCase(), address)) return false;
    return isSameHost(host.toLowerCase(), address.hostname) && isSamePort(port, address);
  });

/** 6.7.2.9: an insecure scheme stands for its secure sibling too, but https does not stand for wss. */
const isSameScheme = (scheme: string, { protocol }: URL): boolean =>
  protocol === `${scheme}:` || (/^(http|ws)$/.test(scheme) && protocol === `${scheme}s:`);

const isSameHost = (host: string, hostname: string): boolean =>
  host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : host === hostname;

const isSamePort = (port: string | undefined, address: URL): boolean =>
  port === '*' || (port ?? defaultPortOf(address)) === (address.port !== '' ? address.port : defaultPortOf(address));

const defaultPortOf = ({ protocol }: URL): string => (/^(https|wss):$/.test(protocol) ? '443' : '80');
