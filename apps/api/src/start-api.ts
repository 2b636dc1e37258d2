import { mustReachRedis } from '@app/cache';
import { SecureSocketAdapter } from '@app/chat';
import type { AppConfig } from '@app/config';
import { configureHttp, createHttpAdapter, securityHeaders } from '@app/http';
import { useJsonLogs } from '@app/observability';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RunningProcess } from '../../run-process';
import { serveAccountPages } from './account-pages/account-pages';
import { ApiModule } from './api.module';
import { banner } from './banner';
import { DemoPage } from './demo/demo-page';
import { DemoWorkspace } from './demo/demo-workspace';
import { freePort } from './free-port';
import { serveWidget } from './widget-assets';

/** Composes the api, opens its ports and, outside production, prepares the demo and says where everything is. */
export async function startApi(config: AppConfig): Promise<RunningProcess> {
  const isDevelopment = config.environment === 'development';
  const tell = (line: string): void => void (isDevelopment && process.stdout.write(`${line}\n`));
  const { host, isPortFixed } = config.server;
  const port = isPortFixed ? config.server.port : await freePort(config.server.port, host);
  const apiUrl = config.server.publicUrl ?? `http://localhost:${port}`;

  tell(config.database.url ? 'Connecting to the database …' : 'Starting the embedded database …');
  await mustReachRedis(config.cache.redisUrl);
  const app = await createApp(config, apiUrl);
  await app.listen({ port, host });

  const demo = config.server.demoPort === null ? null : await startDemo(app, config, apiUrl, tell);
  tell(
    banner({
      apiUrl,
      demoUrl: demo?.url ?? null,
      hasApiDocs: config.server.hasApiDocs,
      admin: demo?.admin ?? null,
      dataDir: config.server.dataDir,
    }),
  );
  return {
    close: async () => {
      await demo?.page.stop();
      await app.close();
    },
  };
}

async function createApp(config: AppConfig, apiUrl: string): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.forRoot(config, apiUrl),
    createHttpAdapter(config),
    // Until the JSON logger is there nothing is written: what goes wrong is thrown, and told once by runProcess.
    { logger: false, abortOnError: false },
  );
  useJsonLogs(app);
  await configureHttp(app, config);
  await serveWidget(app);
  serveAccountPages(app);
  app.useWebSocketAdapter(
    new SecureSocketAdapter(app, {
      redisUrl: config.cache.redisUrl,
      redisPrefix: config.cache.prefix,
      trustProxy: config.server.trustProxy,
      socketsPerIp: config.limits.socketsPerIp,
      headers: securityHeaders(config),
    }),
  );
  return app;
}

async function startDemo(app: NestFastifyApplication, config: AppConfig, apiUrl: string, tell: (line: string) => void) {
  const { host, isPortFixed, demoPort, dataDir, hasInlineWorker } = config.server;
  const port = isPortFixed ? (demoPort ?? 0) : await freePort(demoPort ?? 0, host);
  const admin = await app.get(DemoWorkspace).prepare({ dataDir, demoPort: port, hasInlineWorker, tell });
  const page = new DemoPage();
  await page.start({ port, host, apiUrl, embedKey: admin.embed?.key ?? '' });
  return { page, admin, url: `http://localhost:${port}/demo` };
}
