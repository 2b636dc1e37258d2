import { AppError } from '@app/kernel';
import type { HttpReply, HttpRequest } from '@app/http';
import { parseCookie, stringifySetCookie } from 'cookie';

/** `__Host-`: browsers take it over TLS (or from localhost) only, for this host alone, and from no other place on it. */
export const REFRESH_COOKIE = '__Host-rt';

const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'strict' } as const;

/** The refresh token a browser sends by itself, or null. */
export const refreshCookieOf = (request: Pick<HttpRequest, 'headers'>): string | null =>
  parseCookie(request.headers.cookie ?? '')[REFRESH_COOKIE] ?? null;

/** @param maxAgeSeconds whole seconds; 0 takes the cookie away */
export function setRefreshCookie(reply: HttpReply, refreshToken: string, maxAgeSeconds: number): void {
  const cookie = stringifySetCookie({
    name: REFRESH_COOKIE,
    value: refreshToken,
    maxAge: maxAgeSeconds,
    ...ATTRIBUTES,
  });
  void reply.header('set-cookie', cookie);
}

export const clearRefreshCookie = (reply: HttpReply): void => setRefreshCookie(reply, '', 0);

/** @throws AppError `auth.required` when neither the body nor the browser brings one */
export function presentedToken(fromBody: string | undefined, request: Pick<HttpRequest, 'headers'>): string {
  const token = fromBody ?? refreshCookieOf(request);
  if (token === null) throw new AppError('auth.required');
  return token;
}
