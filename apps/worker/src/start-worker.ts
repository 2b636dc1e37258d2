import { mustReachRedis } from '@app/cache';
import type { AppConfig } from '@app/config';
import { DatabaseStartError } from '@app/database';
import { useJsonLogs } from '@app/observability';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RunningProcess } from '../../run-process';
import { WorkerModule } from './worker.module';

/** Composes the worker. The embedded database belongs to one process, so a worker of its own needs PostgreSQL. */
export async function startWorker(config: AppConfig): Promise<RunningProcess> {
  if (config.database.url === null) {
    throw new DatabaseStartError(
      'A separate worker needs DATABASE_URL. On the embedded database the api does the work itself; just run npm start.',
    );
  }
  await mustReachRedis(config.cache.redisUrl);
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config), {
    logger: false,
    abortOnError: false,
  });
  useJsonLogs(app);
  if (config.environment === 'development') process.stdout.write('The worker is ready.\n');
  else new Logger('Worker').log('The worker is ready');
  return app;
}
