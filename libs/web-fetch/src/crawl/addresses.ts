import { hostNameOf, MAX_URL_LENGTH, portOf } from '../fetch/judge-url';

/** Names that campaigns add; the page is the same without them. */
const TRACKING = /^(?:utm_[a-z_]+|gclid|fbclid|msclkid|mc_cid|mc_eid)$/i;
const DEFAULT_PORTS = new Set(['80', '443']);

/**
 * The address that something written on a page leads to, in the form by which pages are told apart: no fragment, no
 * parameters of campaigns, and what the URL standard makes equal. Null for what is no page of the web.
 */
export function resolveUrl(written: string, base: URL | string): URL | null {
  // Tabs and line feeds inside are dropped by the standard, so that the length is that of what remains.
  if (written.length > 2 * MAX_URL_LENGTH) return null;
  try {
    const url = new URL(written, base);
    return isPage(url) ? withoutTracking(url) : null;
  } catch {
    return null;
  }
}

/** Compared without the scheme: a site that moves to https stays itself. */
export function isSameHost(one: URL, other: URL): boolean {
  return hostOf(one) === hostOf(other);
}

/** Name and, where it is not one of the web's own, port. */
export function hostOf(url: URL): string {
  const port = portOf(url);
  return DEFAULT_PORTS.has(port) ? hostNameOf(url) : `${hostNameOf(url)}:${port}`;
}

/** `example.com` and `www.example.com`: sites choose one and lead there from the other. */
export const isWwwTwin = (one: string, other: string): boolean => one === `www.${other}` || other === `www.${one}`;

const isPage = (url: URL): boolean =>
  (url.protocol === 'http:' || url.protocol === 'https:') &&
  url.username === '' &&
  url.password === '' &&
  url.href.length <= MAX_URL_LENGTH;

function withoutTracking(url: URL): URL {
  url.hash = '';
  const names = [...new Set(url.searchParams.keys())].filter((name) => TRACKING.test(name));
  for (const name of names) url.searchParams.delete(name);
  return url;
}
