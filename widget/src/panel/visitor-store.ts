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
  if (!person) return new BrowserStore(prefix, () => localStorage);
  return new BrowserStore(`${prefix}${person}:`, () => sessionStorage);
}

/** Whom the settings name: the same for every token of the same person. */
export function personIn({ identityToken }: Naming): string | undefined {
  return identityToken && digest(subject(identityToken));
}

/** `sub` of a JWT. The server checks the token; here it only tells people apart. */
function subject(token: string): string {
  try {
    const [, claims = ''] = token.split('.');
    return String((JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/'))) as { sub?: unknown }).sub);
  } catch {
    return String(token);
  }
}

/** 32 bits by the rule of `String.hashCode`: enough to tell the users of one tab apart, and it does not show the id. */
const digest = (text: string): string =>
  [...text].reduce((sum, char) => (Math.imul(sum, 31) + (char.codePointAt(0) ?? 0)) | 0, 0).toString(36);
