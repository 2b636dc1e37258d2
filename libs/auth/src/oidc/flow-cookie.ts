import type { HttpReply, HttpRequest } from '@app/http';
import { parseCookie, stringifySetCookie } from 'cookie';

import { FLOW_SECONDS } from './oidc-flows';

/** `__Host-`: browsers take it over TLS (or from localhost) only, for this host alone, and from no other place on it. */
const NAME = '__Host-oidc';
/** Lax and not Strict: the way back from the provider is a link of another site. */
const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;

export const flowCookieOf = (request: HttpRequest): string | null =>
  parseCookie(request.headers.cookie ?? '')[NAME] ?? null;

export function setFlowCookie(reply: HttpReply, sealedFlow: string): void {
  const cookie = stringifySetCookie({ name: NAME, value: sealedFlow, maxAge: FLOW_SECONDS, ...ATTRIBUTES });
  void reply.header('set-cookie', cookie);
}

/** It is good once. */
export const clearFlowCookie = (reply: HttpReply): void =>
  void reply.header('set-cookie', stringifySetCookie({ name: NAME, value: '', maxAge: 0, ...ATTRIBUTES }));
