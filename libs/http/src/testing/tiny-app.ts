import { CacheModule } from '@app/cache';
import { type AppConfig, loadConfig } from '@app/config';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

import { configureHttp, createHttpAdapter, HttpModule } from '../index';
import { GuardedController, PublicController } from './tiny-controllers';
import { TinyIdentityModule } from './tiny-identity.module';

function config(env: NodeJS.ProcessEnv): AppConfig {
  const secret = (): string => randomBytes(32).toString('base64');
  return loadConfig({
    SECRET_KEY: secret(),
    JWT_SECRET: secret(),
    ENCRYPTION_KEY: secret(),
    CORS_ORIGINS: '["https://app.example.com"]',
    ...env,
  });
}

/** The smallest app with everything this lib gives, listening on a free port. */
export async function startTinyApp(
  env: NodeJS.ProcessEnv = {},
  change = (builder: TestingModuleBuilder): TestingModuleBuilder => builder,
): Promise<NestFastifyApplication> {
  const settings = config(env);
  const builder = Test.createTestingModule({
    imports: [CacheModule.forRoot(settings.cache), HttpModule.forRoot(settings), TinyIdentityModule],
    controllers: [PublicController, GuardedController],
  });
  const module = await change(builder).compile();
  const app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(settings), { logger: ['error'] });
  await configureHttp(app, settings);
  await app.listen(0, '127.0.0.1');
  return app;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown>;
}

export async function call(app: NestFastifyApplication, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${await app.getUrl()}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

export const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** Bytes as they are, for what fetch would never send. */
export async function raw(app: NestFastifyApplication, request: string): Promise<string> {
  const { port } = new URL(await app.getUrl());
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(request));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}
