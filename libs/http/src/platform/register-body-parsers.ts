import { AppError } from '@app/kernel';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isUtf8 } from 'node:buffer';
import type { Server } from 'node:http';

import { sendProblem } from '../problems/send-problem';
import { acceptsFiles } from './accepts-files';

/**
 * JSON is the only body the api reads: well-formed UTF-8, without `__proto__` or `constructor` keys (refused by
 * Fastify's own parser). No body is no body. Everything else is 415, so that no HTML form can send anything.
 *
 * A compressed body is 415 as well: nobody here needs one, and a small one may hold gigabytes.
 *
 * A multipart body is left on the raw request, unread, for the route that takes files with `@AcceptsFiles()`.
 */
export function registerBodyParsers(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.addHook('onRequest', (request, reply, done) => {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
    if (encoding === 'identity') done();
    else sendProblem(reply, new AppError('request.unsupported-media-type').toProblem(request.id));
  });
  fastify.removeAllContentTypeParsers();
  app.useBodyParser<Server>('application/json', {}, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(new AppError('request.malformed', { detail: 'The body is not UTF-8' }));
    return void parseJson(request, body.toString(), done);
  });
  fastify.addContentTypeParser('multipart/form-data', (request, _payload, done) => {
    if (acceptsFiles(request.routeOptions.config)) done(null, undefined);
    else done(new AppError('request.unsupported-media-type'));
  });
}
