import { isIP, isIPv6 } from 'node:net';
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** Addresses of the IPv6 internet as IANA hands them out today (RFC 4291, 2.4). Everything else is special or nobody's. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');
/** IPv4 seen from a network that has IPv6 alone (RFC 6052); `64:ff9b:1::/48` (RFC 8215) leads into a network. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Azure's own services to each of its machines: an address of the internet by its number alone. */
const OF_A_CLOUD = new Set(['168.63.129.16']);

/**
 * Whether an address, as numbers, belongs to somebody on the internet. False for everything else: names, other spellings
 * of addresses (resolvers and WHATWG's URLs give the usual one), loopback, private, link-local, carrier-grade NAT, multicast,
 * documentation, 6to4, Teredo, addresses with a zone. IPv4 inside IPv6 (mapped, NAT64) is judged by the IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  return isPublic(ipaddr.parse(isIPv6(address) ? inHexadecimal(address) : address));
}

/** ipaddr.js reads `::8.8.8.8` as `::ffff:8.8.8.8`, and sockets do not: with no dots there is one way to read it. */
const inHexadecimal = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

function isPublic(address: IPv4 | IPv6): boolean {
  if (address.range() === 'unicast') return isOfInternet(address);
  return 'parts' in address && carriesIpv4(address) && isPublic(innerIpv4(address));
}

const isOfInternet = (address: IPv4 | IPv6): boolean =>
  'parts' in address ? address.match(GLOBAL_IPV6) : !OF_A_CLOUD.has(address.toString());

const carriesIpv4 = (address: IPv6): boolean => address.isIPv4MappedAddress() || address.match(NAT64);

const innerIpv4 = (address: IPv6): IPv4 => new ipaddr.IPv4(address.toByteArray().slice(-4));
