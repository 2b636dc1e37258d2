import cors, { type FastifyCorsOptions } from '@fastify/cors';
import { AppError } from '@app/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

import { sendProblem } from '../problems/send-problem';
import { EMBED_PATH_PREFIX } from './api-prefix';

/** The four methods of the api; browsers add OPTIONS for themselves. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const ALLOWED_HEADERS = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match'];
const EXPOSED_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Request-Id',
];
/** Ten minutes: a removed origin stops working soon. */
const PREFLIGHT_MAX_AGE_SECONDS = 600;

/**
 * Lets pages of the listed origins call the api, credentials included; `Vary: Origin` on everything. A preflight from
 * any other origin is refused with 403; other requests from elsewhere are answered without CORS headers.
 *
 * Paths under `/v1/embed/` are left alone: each embed has its own list of origins, which only the embeds lib knows. Its
 * controllers declare their own `@Options()` handlers and set `Access-Control-Allow-Origin`, `Vary` and the preflight's
 * headers themselves (before they throw, so that a problem carries them too).
 */
export async function registerCors(app: NestFastifyApplication, origins: readonly string[]): Promise<void> {
  const allowed = new Set(origins);
  const granted: FastifyCorsOptions = {
    origin: true,
    credentials: true,
    methods: METHODS,
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
  };
  const refused: FastifyCorsOptions = { origin: false };
  const isForeign = ({ headers, url }: FastifyRequest): boolean =>
    headers.origin !== undefined && !allowed.has(headers.origin) && !url.startsWith(EMBED_PATH_PREFIX);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (request.method !== 'OPTIONS' || !isForeign(request)) return done();
      reply.header('vary', 'Origin');
      sendProblem(reply, new AppError('access.denied').toProblem(request.id));
    });
  await app.register(cors, {
    delegator: async ({ headers, url }: FastifyRequest): Promise<FastifyCorsOptions> =>
      headers.origin !== undefined && allowed.has(headers.origin) && !url.startsWith(EMBED_PATH_PREFIX)
        ? granted
        : refused,
  });
}
