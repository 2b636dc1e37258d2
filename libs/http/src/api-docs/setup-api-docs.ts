import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

import { declareAccess } from './declare-access';
import { ProblemView } from './problem.view';

const DOCS_PATH = 'docs';

/** Swagger UI loads its own scripts, styles itself inline and draws data: images. */
const DOCS_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The OpenAPI document of all routes. Call it after every module is known, before `listen()`. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('CustomerCare')
    .setDescription(
      'Errors are problems (RFC 9457, application/problem+json) with a stable `code`. Lists are pages: pass `nextCursor` as `cursor`.',
    )
    .setVersion('1')
    .addGlobalResponse({
      status: 'default',
      description: 'A problem',
      content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemView) } } },
    })
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'access-token')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'visitor-token');
  return declareAccess(app, SwaggerModule.createDocument(app, builder.build(), { extraModels: [ProblemView] }));
}

/**
 * Serves the documentation at `/docs`, its JSON at `/docs/json`. For development: the page needs inline styles, which the
 * api's policy forbids, so it gets a policy of its own, and production has no such page.
 */
export function setupApiDocs(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (request.url === `/${DOCS_PATH}` || request.url.startsWith(`/${DOCS_PATH}/`)) {
        reply.raw.setHeader('content-security-policy', DOCS_CSP);
      }
      done();
    });
  SwaggerModule.setup(DOCS_PATH, app, () => openApiDocument(app), {
    jsonDocumentUrl: `${DOCS_PATH}/json`,
    yamlDocumentUrl: `${DOCS_PATH}/yaml`,
  });
}
