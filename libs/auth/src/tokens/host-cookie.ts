import type { HttpReply, HttpRequest } from '@app/http';
import { parseCookie, stringifySetCookie } from 'cookie';

/** `__Host-`: browsers take it over TLS (or from localhost) only, for this host alone, and from no other place on it. */
export type HostCookieName = `__Host-${string}`;

const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

export const hostCookieOf = (request: Pick<HttpRequest, 'headers'>, name: HostCookieName): string | null =>
  parseCookie(request.headers.cookie ?? '')[name] ?? null;

/**
 * Beside the other cookies of the answer. No script reads it, and no other site makes a browser send it.
 * @param maxAge whole seconds; 0 takes the cookie away
 */
export function setHostCookie(reply: HttpReply, name: HostCookieName, value: string, maxAge: number): void {
  void reply.header('set-cookie', stringifySetCookie({ name, value, maxAge, ...ATTRIBUTES }));
}
