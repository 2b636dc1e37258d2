import { isIP } from 'node:net';
import { AppError, parseUrl } from '@app/kernel';
import { type FetchExceptions, isExcepted, isExceptedPort, NO_EXCEPTIONS } from './fetch-exceptions';
import { isPublicAddress } from './is-public-address';

export const MAX_URL_LENGTH = 2048;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
/** Names that are nobody's on the internet: RFC 6761, 6762, 7686, 8375 and ICANN's choice for networks of one's own. */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|invalid|onion|home\.arpa)$/;

/** The port that is connected to, also where the address names none. */
export const portOf = (url: URL): string => url.port || (DEFAULT_PORTS[url.protocol] ?? '');

/** Without the brackets around IPv6 and the dot that ends a complete name. */
export const hostNameOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

/**
 * Reads an address as browsers do and refuses what is not a page of the public web, before anything is asked or connected.
 * A number may be written in many ways, and the URL parser makes one of them, so addresses are judged here: sockets never
 * ask a resolver about them. Names are judged by what they resolve to, when the connection is made.
 *
 * @returns the address without its fragment
 * @throws `source.address-invalid` not http(s), another port than 80 and 443, a user name, too long, not an address
 * @throws `source.address-refused` an address or a name inside a network
 */
export function judgeUrl(address: string, exceptions: FetchExceptions = NO_EXCEPTIONS): URL {
  const url = address.length > MAX_URL_LENGTH ? null : parseUrl(address);
  if (!url || !isWebAddress(url, exceptions)) throw new AppError('source.address-invalid');
  const host = hostNameOf(url);
  const isPermitted = isIP(host) === 0 ? isPublicName(host) : isPermittedAddress(host, portOf(url), exceptions);
  if (!isPermitted) throw new AppError('source.address-refused');
  url.hash = '';
  return url;
}

/** For addresses as numbers, from a URL or a resolver. */
export const isPermittedAddress = (address: string, port: string, exceptions: FetchExceptions): boolean =>
  isPublicAddress(address) || isExcepted(exceptions, address, port);

function isWebAddress(url: URL, exceptions: FetchExceptions): boolean {
  if (!(url.protocol in DEFAULT_PORTS) || url.username !== '' || url.password !== '') return false;
  const port = portOf(url);
  return port === '80' || port === '443' || isExceptedPort(exceptions, port);
}

/** A name without a dot is completed from the search list of the machine: it means a neighbour. */
const isPublicName = (host: string): boolean => host.includes('.') && !LOCAL_NAMES.test(host);
