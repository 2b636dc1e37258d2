import type { AppConfig } from '@app/config';
import { AppError } from '@app/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { setupApiDocs } from '../api-docs/setup-api-docs';
import { sendProblem } from '../problems/send-problem';
import { AllowedHosts } from './allowed-hosts';
import { API_PREFIX, UNPREFIXED_ROUTES } from './api-prefix';
import { registerBodyParsers } from './register-body-parsers';
import { registerCors } from './register-cors';
import { securityHeaders } from './security-headers';

/**
 * Sets up what surrounds the routes, on an app made with `createHttpAdapter(config)`, before `app.init()` or `listen()`:
 * the prefix `/v1`, security headers and request ids on every answer, the host check, CORS, body parsers, and the api
 * documentation outside production. Guards, filter and pipe come with `HttpModule`.
 */
export async function configureHttp(
  app: NestFastifyApplication,
  config: Pick<AppConfig, 'environment' | 'server'>,
): Promise<void> {
  app.setGlobalPrefix(API_PREFIX, { exclude: UNPREFIXED_ROUTES });
  receiveRequests(app, config);
  await registerCors(app, config.server.corsOrigins);
  registerBodyParsers(app);
  if (config.server.hasApiDocs) setupApiDocs(app);
}

/** The first thing that happens to a request: its headers, and whether it is for us at all. */
function receiveRequests(app: NestFastifyApplication, config: Pick<AppConfig, 'environment' | 'server'>): void {
  const hosts = new AllowedHosts(config.server.allowedHosts);
  const headers = securityHeaders(config);
  let isClosing = false;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('preClose', (done) => {
      isClosing = true;
      done();
    })
    .addHook('onRequest', (request, reply, done) => {
      // On the raw response, so that streams and files written past Fastify have them too. A route that needs another
      // value (the widget's files, the documentation) sets it again the same way.
      for (const [name, value] of headers) reply.raw.setHeader(name, value);
      reply.raw.setHeader('x-request-id', request.id);
      if (request.url.startsWith(`/${API_PREFIX}/`)) reply.raw.setHeader('cache-control', 'no-store');
      // A target that names a host of its own (`GET http://host/`) is for proxies; it would bypass every check of a path.
      const isPath = request.raw.url?.startsWith('/') === true;
      const isServed = isPath && hosts.isAllowed(request.raw.rawHeaders);
      if (isServed && !isClosing) return done();
      // Sent from here and not thrown: routes made before Nest's error handler was set would answer in Fastify's shape.
      if (isServed)
        sendProblem(reply, new AppError('service.not-ready', { retryAfterSeconds: 1 }).toProblem(request.id));
      else sendProblem(reply, new AppError('request.host-not-allowed').toProblem(request.id));
    });
}
