/**
 * Which sites may use an embed. A rule is a serialised origin (RFC 6454 §6.2) exactly as browsers send it,
 * `https://shop.example.com` or with a port, or `https://*.example.com`, where `*` stands for one whole label.
 * Everything else is refused when the rule is written, so that matching needs no parser and no regular expression
 * over a stranger's text.
 */
export interface OriginRuleFault {
  readonly message: string;
}

/** A DNS host name has at most 253 characters (RFC 1035 §2.3.4); scheme, port and wildcard come on top. */
const MAX_ORIGIN_CHARS = 280;
const WILDCARD_START = 'https://*.';
/** One DNS label in the form browsers send: lower case, punycode. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const IP_ADDRESS = /^(?:\[.*\]|\d+(?:\.\d+){3})$/;

/**
 * Whether any rule allows this `Origin` header. A missing, empty or `null` origin never matches; upper case and default
 * ports do not match either, because browsers send neither.
 */
export function matchesOrigin(rules: readonly string[], origin: string | undefined): boolean {
  if (!origin || origin === 'null' || origin.length > MAX_ORIGIN_CHARS) return false;
  return rules.some((rule) => (rule.startsWith(WILDCARD_START) ? matchesWildcard(rule, origin) : rule === origin));
}

function matchesWildcard(rule: string, origin: string): boolean {
  const suffix = rule.slice(WILDCARD_START.length - 1);
  if (!origin.startsWith('https://') || !origin.endsWith(suffix)) return false;
  return LABEL.test(origin.slice('https://'.length, -suffix.length));
}

/** Whether this is the `Origin` a browser sends for a page on the web: well-formed, http or https, not `null`. */
export function isWebOrigin(origin: string | undefined): origin is string {
  return origin !== undefined && origin.length <= MAX_ORIGIN_CHARS && parse(origin)?.origin === origin;
}

/**
 * What is wrong with a rule an owner wants to write, or null when it is fine.
 * @param allowsLoopbackHttp development only: `http://localhost:3000` and other loopback names.
 */
export function findOriginRuleFault(rule: string, allowsLoopbackHttp: boolean): OriginRuleFault | null {
  if (rule.length > MAX_ORIGIN_CHARS) return { message: 'is too long for an origin' };
  if (rule === 'null') return { message: 'the origin "null" belongs to nobody in particular and cannot be allowed' };
  const isWildcard = rule.startsWith(WILDCARD_START);
  // A stand-in label lets the URL parser judge the rest of a wildcard rule.
  const candidate = isWildcard ? `https://x.${rule.slice(WILDCARD_START.length)}` : rule;
  if (candidate.includes('*')) return { message: 'a wildcard is only allowed as https://*.example.com' };
  const url = parse(candidate);
  if (!url) return { message: 'must be an origin such as https://shop.example.com' };
  if (url.origin !== candidate) return { message: `must be written as ${canonical(url, isWildcard)}` };
  return isWildcard ? findWildcardFault(url) : findSchemeFault(url, allowsLoopbackHttp);
}

function parse(candidate: string): URL | null {
  try {
    const url = new URL(candidate);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    return isWeb && url.hostname !== '' && !url.hostname.endsWith('.') ? url : null;
  } catch {
    return null;
  }
}

function canonical(url: URL, isWildcard: boolean): string {
  return isWildcard ? url.origin.replace('https://x.', WILDCARD_START) : url.origin;
}

function findWildcardFault(url: URL): OriginRuleFault | null {
  const labels = url.hostname.split('.').slice(1);
  if (labels.length < 2 || labels.some((label) => !LABEL.test(label)) || /^\d+$/.test(labels.at(-1) ?? '')) {
    return { message: 'a wildcard needs a domain of at least two labels, as in https://*.example.com' };
  }
  return null;
}

function findSchemeFault(url: URL, allowsLoopbackHttp: boolean): OriginRuleFault | null {
  if (url.protocol === 'https:') return null;
  if (allowsLoopbackHttp && isLoopback(url.hostname)) return null;
  return {
    message: allowsLoopbackHttp ? 'http is only allowed for loopback names such as localhost' : 'must use https',
  };
}

/** RFC 6761 §6.3 (localhost and below) and the loopback addresses. */
function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]') return true;
  return IP_ADDRESS.test(hostname) && hostname.startsWith('127.');
}
