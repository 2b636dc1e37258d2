import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import { readForwardedFor } from '@app/http';

/** Hop count, or the CIDR ranges of the proxies; as in the server's configuration. */
export type TrustProxy = number | readonly string[];

type IsTrusted = (address: string, hop: number) => boolean;

/**
 * Whose address a socket request counts on, by the rule Fastify uses for REST: walk from the connection backwards
 * through X-Forwarded-For as long as the addresses are trusted; what a stranger wrote further left is not believed.
 */
export class ClientAddress {
  private readonly isTrusted: IsTrusted;

  constructor(trustProxy: TrustProxy) {
    this.isTrusted = typeof trustProxy === 'number' ? (_, hop) => hop < trustProxy : trustsRanges(trustProxy);
  }

  of(remoteAddress: string, headers: IncomingHttpHeaders): string {
    const chain = [remoteAddress, ...readForwardedFor(headers['x-forwarded-for']).reverse()].map(withoutIpv4Prefix);
    const index = chain.findIndex((address, hop) => !this.isTrusted(address, hop));
    return chain[index === -1 ? chain.length - 1 : index] ?? remoteAddress;
  }
}

/**
 * What a limit is counted on: an IPv4 address, or the /64 an IPv6 host chooses its addresses from (RFC 4291 §2.5.1).
 */
export function limitKeyOf(reported: string): string {
  const address = withoutIpv4Prefix(reported);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function trustsRanges(ranges: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** A dual-stack listener reports 127.0.0.1 as ::ffff:127.0.0.1. */
const withoutIpv4Prefix = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
