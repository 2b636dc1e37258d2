import { isIP } from 'node:net';

/** X-Forwarded-For is the client's to fill; nobody has more proxies than this. */
const MAX_HOPS = 20;

/** `4.4.4.4:1234` and `[2001:db8::2]:5`, as some proxies write them, without brackets and port. */
const withoutPort = (hop: string): string =>
  /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? hop.replace(/^([\d.]+):\d+$/, '$1');

/**
 * The addresses of X-Forwarded-For in the order of the header, as far as they are addresses: who wrote "unknown" or worse
 * says nothing of a client, and nothing that stands further left can be believed.
 */
export function readForwardedFor(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const hops = text
    .split(',')
    .map((hop) => withoutPort(hop.trim()))
    .filter((hop) => hop !== '')
    .slice(-MAX_HOPS);
  const lastBad = hops.findLastIndex((hop) => isIP(hop) === 0);
  return hops.slice(lastBad + 1);
}
