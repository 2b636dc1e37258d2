import type { Settings } from '../shell-contract';
import { BrowserStore, type TabStore } from './tab-store';

type Naming = Pick<Settings, 'embedKey' | 'identityToken'>;

/**
 * What the browser keeps of a visitor: of an anonymous one until they come back, of one whom the site has named only as
 * long as the tab is open, and under a name of their own. At a shared computer nobody finds what another one left.
 */
export function visitorStore(settings: Naming): TabStore {
  const prefix = `customercare:${settings.embedKey.slice(-12)}:`;
  const person = personIn(settings);
  if (person === undefined) return new BrowserStore(prefix, () => localStorage);
  return new BrowserStore(`${prefix}${digest(person)}:`, () => sessionStorage);
}

/** Whom the settings name, by `sub` of the JWT. The server checks the token; here it only tells people apart. */
export function personIn({ identityToken: token }: Naming): string | undefined {
  if (!token) return;
  try {
    const [, claims = ''] = token.split('.');
    return String((JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/'))) as { sub?: unknown }).sub);
  } catch {
    return String(token);
  }
}

/**
 * 64 bits, two rounds of FNV-1a with other starts: the name does not show the id, and no two users of a site are likely to
 * meet in it. No defence against somebody who looks for such a pair; the server is.
 */
const digest = (text: string): string => fnv1a(text, 0x811c9dc5) + fnv1a(`${text}.`, 0x9e3779b9);

function fnv1a(text: string, start: number): string {
  let hash = start;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}
