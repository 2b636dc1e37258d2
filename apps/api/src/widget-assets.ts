import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** The built widget, beside the compiled apps. */
const FOLDER = join(__dirname, '..', '..', '..', 'widget');
const CACHE_SECONDS = 300;

/**
 * Serves the widget bundle at `/widget/v1/`. It is public code that any page may load: this is the one place where every
 * origin is allowed, and nothing else of the api inherits it.
 */
export async function serveWidget(app: NestFastifyApplication): Promise<void> {
  await app
    .getHttpAdapter()
    .getInstance()
    .register(async (scope) => {
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('access-control-allow-origin', '*');
        reply.header('cross-origin-resource-policy', 'cross-origin');
      });
      await scope.register(fastifyStatic, {
        root: FOLDER,
        prefix: '/widget/v1/',
        index: false,
        decorateReply: false,
        maxAge: CACHE_SECONDS * 1000,
      });
    });
}
