import type { HttpRequest } from '@app/http';
import { AppError, parseUrl } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { AuthSettings } from '../auth-settings';
import { CsrfTokens } from './csrf-tokens';
import { refreshCookieOf } from './refresh-cookie';
import { RefreshTokens } from './refresh-tokens';

const JSON_TYPE = /^application\/json\s*(;|$)/i;

const headerOf = (request: HttpRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/**
 * Tells a request that one of our own pages made from one that another site had the browser make. Asked wherever the
 * refresh cookie counts, which is at refreshing and signing out, and nowhere else.
 */
@Injectable()
export class OwnPages {
  constructor(
    private readonly settings: AuthSettings,
    private readonly refreshTokens: RefreshTokens,
    private readonly csrfTokens: CsrfTokens,
  ) {}

  /**
   * The refresh token of the cookie, of a request that a page of ours made.
   *
   * @throws AppError `auth.required` without the cookie, `request.unsupported-media-type` for what a form could send,
   * `auth.csrf` for another site's page and for a missing or foreign `X-CSRF-Token`, `auth.token-invalid` for a cookie
   * that is no token of ours. Nothing has happened to the session then.
   */
  mustBeOwn(request: HttpRequest): string {
    const cookie = refreshCookieOf(request);
    if (cookie === null) throw new AppError('auth.required');
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
      throw new AppError('request.unsupported-media-type');
    }
    if (!this.isFromOwnPage(request)) throw new AppError('auth.csrf');
    const token = this.refreshTokens.read(cookie);
    if (!token) throw new AppError('auth.token-invalid');
    if (!this.csrfTokens.isFor(token.sessionId, headerOf(request, 'x-csrf-token') ?? '')) {
      throw new AppError('auth.csrf');
    }
    return cookie;
  }

  /**
   * Browsers say where a request comes from (Fetch Metadata); those that do not yet, name the origin. What says neither
   * is no browser and has no business with cookies.
   */
  private isFromOwnPage(request: HttpRequest): boolean {
    const site = headerOf(request, 'sec-fetch-site');
    const origin = headerOf(request, 'origin');
    if (site !== undefined && site !== 'same-origin') return false;
    return origin === undefined ? site !== undefined : this.isOwn(origin, request);
  }

  /** A listed origin, or the host the request was sent to, which was checked against ALLOWED_HOSTS. */
  private isOwn(origin: string, request: HttpRequest): boolean {
    if (this.settings.ownOrigins.includes(origin)) return true;
    const host = parseUrl(origin)?.host;
    return !!host && host === request.headers.host?.toLowerCase();
  }
}
