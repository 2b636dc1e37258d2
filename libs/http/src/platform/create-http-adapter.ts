import type { AppConfig } from '@app/config';
import { newId } from '@app/kernel';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import type { Server } from 'node:http';

import { sendProblem } from '../problems/send-problem';
import { toProblem } from '../problems/to-problem';
import { answerClientError } from './client-error';
import { readForwardedFor } from './forwarded-for';
import { securityHeaders } from './security-headers';

/** The guides' limit for everything but uploads, which never pass this parser. */
const MAX_BODY_BYTES = 1_048_576;
/** ASVS 5.0, 15.2.2: nobody may hold a connection open by sending slowly. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** Longer than a load balancer keeps its own (60 s), so that the balancer closes first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** UUIDs are 36; nothing in a path is longer than a file name. */
const MAX_PARAMETER_CHARS = 256;

/**
 * Fastify with everything that must be known when it is made: which proxies are believed, limits and timeouts, request
 * ids (always our own), and problems for what fails before routing. `configureHttp` does the rest.
 *
 * ```ts
 * const app = await NestFactory.create<NestFastifyApplication>(AppModule, createHttpAdapter(config), { bufferLogs: true });
 * await configureHttp(app, config);
 * ```
 */
export function createHttpAdapter(config: Pick<AppConfig, 'environment' | 'server'>): FastifyAdapter {
  const headers = securityHeaders(config);
  const { trustProxy } = config.server;
  const options: FastifyHttpOptions<Server> = {
    trustProxy: trustProxy === 0 ? false : trustProxy,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    requestIdHeader: false,
    // Fastify's own 503 is not a problem document; `configureHttp` answers instead.
    return503OnClosing: false,
    genReqId: () => newId(),
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARS },
    frameworkErrors: (error, request, reply) => {
      for (const [name, value] of headers) reply.raw.setHeader(name, value);
      sendProblem(reply, toProblem(error, request.id));
    },
    clientErrorHandler: (error, socket) => answerClientError(error, socket, headers),
  };
  const adapter = new FastifyAdapter(options);
  // Before anybody asks for the client's address: what a proxy passed on may hold ports, or no address at all.
  adapter.getInstance().addHook('onRequest', (request, _reply, done) => {
    const { headers: received } = request.raw;
    if (received['x-forwarded-for'] !== undefined) {
      received['x-forwarded-for'] = readForwardedFor(received['x-forwarded-for']).join(', ');
    }
    done();
  });
  return adapter;
}
