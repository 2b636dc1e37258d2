import { AppError } from '@app/kernel';
import type { HttpReply, HttpRequest } from '@app/http';

import { hostCookieOf, setHostCookie } from './host-cookie';

const REFRESH_COOKIE = '__Host-rt';

/** The refresh token a browser sends by itself, or null. */
export const refreshCookieOf = (request: Pick<HttpRequest, 'headers'>): string | null =>
  hostCookieOf(request, REFRESH_COOKIE);

/** @param maxAgeSeconds whole seconds; 0 takes the cookie away */
export const setRefreshCookie = (reply: HttpReply, refreshToken: string, maxAgeSeconds: number): void =>
  setHostCookie(reply, REFRESH_COOKIE, refreshToken, maxAgeSeconds);

export const clearRefreshCookie = (reply: HttpReply): void => setRefreshCookie(reply, '', 0);

/** @throws AppError `auth.required` when neither the body nor the browser brings one */
export function presentedToken(fromBody: string | undefined, request: Pick<HttpRequest, 'headers'>): string {
  const token = fromBody ?? refreshCookieOf(request);
  if (token === null) throw new AppError('auth.required');
  return token;
}
