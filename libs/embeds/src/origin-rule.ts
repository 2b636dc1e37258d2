import { domainToUnicode } from 'node:url';
import { AppError, parseUrl } from '@app/kernel';
import { isLookAlike } from './look-alike';

/**
 * Which sites may use an embed. A rule is a serialised origin (RFC 6454, 6.2) exactly as browsers send it,
 * `https://shop.example.com` or with a port, or `https://*.example.com`, where `*` stands for one whole label.
 * Rules are brought into that form, or refused, when they are written, so that matching needs no parser and no regular
 * expression over a stranger's text.
 */
export type OriginRuleReading = { readonly rule: string } | { readonly fault: string };

/** A DNS host name has at most 253 characters (RFC 1035, 2.3.4); scheme, port and wildcard come on top. */
const MAX_ORIGIN_CHARS = 280;
const WILDCARD_START = 'https://*.';
/** One DNS label in the form browsers send: lower case, punycode. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const IP_ADDRESS = /^(?:\[.*\]|\d+(?:\.\d+){3})$/;
/** Scheme, wildcard, host and port as somebody writes them, and nothing behind them. */
const WRITTEN = /^https?:\/\/(\*\.)?([^\s/?#@\\%:[\]*]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const IS_ASCII = /^[\u0021-\u007e]*$/;

/**
 * Whether any rule allows this `Origin` header. A missing, empty or `null` origin never matches; upper case and default
 * ports do not match either, because browsers send neither.
 */
export function matchesOrigin(rules: readonly string[], origin: string | undefined): origin is string {
  if (!origin || origin === 'null' || origin.length > MAX_ORIGIN_CHARS) return false;
  return rules.some((rule) => (isWildcard(rule) ? matchesWildcard(rule, origin) : rule === origin));
}

export const isWildcard = (rule: string): boolean => rule.startsWith(WILDCARD_START);

function matchesWildcard(rule: string, origin: string): boolean {
  const suffix = rule.slice(WILDCARD_START.length - 1);
  if (!origin.startsWith('https://') || !origin.endsWith(suffix)) return false;
  return LABEL.test(origin.slice('https://'.length, -suffix.length));
}

/** Whether this is the `Origin` a browser sends for a page on the web: well-formed, http or https, not `null`. */
export function isWebOrigin(origin: string | undefined): origin is string {
  return origin !== undefined && origin.length <= MAX_ORIGIN_CHARS && parseOrigin(origin)?.origin === origin;
}

/** Null for what is no address on the web, or ends in a dot. */
export function parseOrigin(candidate: string): URL | null {
  const url = parseUrl(candidate);
  if (!url) return null;
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.hostname !== '' && !url.hostname.endsWith('.') ? url : null;
}

/**
 * The rules in canonical form, each once.
 * @param allowsLoopbackHttp development only: `http://localhost:3000` and other loopback names
 * @throws AppError `request.invalid` naming each rule that cannot be allowed
 */
export function readOriginRules(written: readonly string[], allowsLoopbackHttp: boolean): string[] {
  const read = written.map((rule) => readOriginRule(rule, allowsLoopbackHttp));
  const errors = read.flatMap((one, index) =>
    'fault' in one ? [{ path: `allowedOrigins.${index}`, message: one.fault }] : [],
  );
  if (errors.length > 0) throw new AppError('request.invalid', { errors });
  return [...new Set(read.flatMap((one) => ('rule' in one ? [one.rule] : [])))];
}

/** A rule an owner wants to write: lower case, punycode and without a default port, or what is wrong with it. */
export function readOriginRule(written: string, allowsLoopbackHttp: boolean): OriginRuleReading {
  const [, wildcard = '', host = ''] = WRITTEN.exec(written) ?? [];
  const unusable = findFormFault(written, wildcard);
  if (unusable !== null) return { fault: unusable };
  // A stand-in label lets the URL parser judge the rest of a wildcard rule.
  const url = parseOrigin(written.replace('*.', 'x.'));
  if (!url) return { fault: 'must be an origin such as https://shop.example.com, without a dot at the end' };
  const fault =
    findHostFault(host, url, wildcard) ??
    (wildcard === '' ? findSchemeFault(url, allowsLoopbackHttp) : findWildcardFault(url));
  return fault === null ? { rule: withWildcard(url, wildcard) } : { fault };
}

function findFormFault(written: string, wildcard: string): string | null {
  if (written.length > MAX_ORIGIN_CHARS) return 'is too long for an origin';
  if (written === 'null') return 'the origin "null" belongs to nobody in particular and cannot be allowed';
  const isStarred = written.includes('*') && wildcard === '';
  return isStarred ? 'a wildcard is only allowed as https://*.example.com' : null;
}

const withWildcard = ({ protocol, host }: URL, wildcard: string): string =>
  `${protocol}//${wildcard}${wildcard === '' ? host : host.slice('x.'.length)}`;

/** Whether browsers would read the host as something else than is written: other digits, other letters, look-alikes. */
function findHostFault(host: string, url: URL, wildcard: string): string | null {
  if (host === '') return `must be written as ${url.origin}, with nothing behind it`;
  const read = wildcard === '' ? url.hostname : url.hostname.slice('x.'.length);
  const [labels, readLabels] = [host.toLowerCase().split('.'), read.split('.')];
  const isSame = labels.length === readLabels.length && labels.every((label, at) => isSpelling(label, readLabels[at]));
  if (!isSame) return `is read by browsers as ${url.origin}; write it so`;
  const lookAlike = labels.find((label) => isLookAlike(label.normalize('NFC')));
  if (lookAlike === undefined) return null;
  return `"${lookAlike}" can be taken for another name; if it is yours, write it in punycode: ${withWildcard(url, wildcard)}`;
}

/** A label in ASCII stands for itself; any other one for its punycode. */
const isSpelling = (label: string, read = ''): boolean =>
  IS_ASCII.test(label) ? label === read : domainToUnicode(read) === label.normalize('NFC');

function findWildcardFault({ protocol, hostname }: URL): string | null {
  if (protocol !== 'https:') return 'a wildcard must use https';
  const labels = hostname.split('.').slice(1);
  if (labels.length < 2 || labels.some((label) => !LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) {
    return 'a wildcard needs a domain of at least two labels, as in https://*.example.com';
  }
  return null;
}

function findSchemeFault({ protocol, hostname }: URL, allowsLoopbackHttp: boolean): string | null {
  if (protocol === 'https:') return null;
  if (allowsLoopbackHttp && isLoopback(hostname)) return null;
  return allowsLoopbackHttp ? 'http is only allowed for loopback names such as localhost' : 'must use https';
}

/** RFC 6761, 6.3 (localhost and below) and the loopback addresses. */
function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return true;
  return IP_ADDRESS.test(hostname) && hostname.startsWith('127.');
}
