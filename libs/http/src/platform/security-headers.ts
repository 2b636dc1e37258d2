import type { AppConfig } from '@app/config';
import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

export type HeaderList = readonly (readonly [name: string, value: string])[];

/** One year: what browsers' preload list and OWASP's HTTP headers cheat sheet ask for. */
const HSTS_MAX_AGE_SECONDS = 31_536_000;

/**
 * The headers on every answer, errors included, as helmet writes them. The api answers JSON and never a document, so
 * nothing may be loaded, framed or sent from it. They are the same for every request, so helmet runs once and not per
 * request, where building its middleware costs more than our whole pipeline.
 *
 * `X-XSS-Protection: 0` is on purpose: the browsers' XSS auditor was removed because it could be abused.
 */
export function securityHeaders({ environment, server }: Pick<AppConfig, 'environment' | 'server'>): HeaderList {
  const middleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity:
      environment === 'production'
        ? { maxAge: HSTS_MAX_AGE_SECONDS, includeSubDomains: true, preload: server.hasHstsPreload }
        : false,
  });
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  middleware(response.req, response, (error?: unknown) => {
    if (error !== undefined) throw new Error('helmet could not write its headers', { cause: error });
  });
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)] as const);
}
