import { CacheModule } from '@app/cache';
import { loadConfig } from '@app/config';
import {
  AccessTrail,
  configureHttp,
  createHttpAdapter,
  HttpModule,
  Public,
  RequestAuthenticator,
  WorkspaceAccess,
} from '@app/http';
import { AppError, type UserContext } from '@app/kernel';
import { Controller, Get, Global, Injectable, Logger, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createHash } from 'node:crypto';

import { HealthModule, LogsModule, ReadinessCheck, useJsonLogs } from './index';

const SECRET = 'hunter2-planted';

@Injectable()
class DatabaseIsUp extends ReadinessCheck {
  static answer: () => Promise<boolean> = async () => true;
  readonly name = 'database';
  isReady(): Promise<boolean> {
    return DatabaseIsUp.answer();
  }
}

@Injectable()
class Nobody extends RequestAuthenticator {
  async authenticate(): Promise<UserContext> {
    throw new AppError('auth.required');
  }
}

@Injectable()
class Nowhere extends WorkspaceAccess {
  async roleOf(): Promise<null> {
    return null;
  }
}

@Global()
@Module({
  providers: [
    { provide: RequestAuthenticator, useClass: Nobody },
    { provide: WorkspaceAccess, useClass: Nowhere },
    { provide: AccessTrail, useValue: { denied: async () => undefined } },
  ],
  exports: [RequestAuthenticator, WorkspaceAccess, AccessTrail],
})
class IdentityModule {}

@Public()
@Controller()
class TalkativeController {
  private readonly logger = new Logger(TalkativeController.name);

  @Get('talk')
  talk(): object {
    this.logger.log(
      { authorization: SECRET, user: { password: SECRET, refreshToken: SECRET }, documentId: 'd1' },
      'talked',
    );
    this.logger.warn({ text: 'a\n{"level":"error","message":"forged"}\u001b[31m' }, 'injected');
    return {};
  }

  @Get('bug')
  bug(): never {
    const driver = Object.assign(new Error('duplicate key'), { code: '23505', parameters: [SECRET], query: SECRET });
    throw new Error('could not save', { cause: driver });
  }
}

type Line = Record<string, unknown>;

describe('Observability', () => {
  const lines: string[] = [];
  let app: NestFastifyApplication;
  let url: string;

  beforeAll(async () => {
    const secret = (name: string): string => createHash('sha256').update(name).digest('base64');
    const config = loadConfig({
      LOG_LEVEL: 'info',
      SECRET_KEY: secret('a'),
      JWT_SECRET: secret('b'),
      ENCRYPTION_KEY: secret('c'),
    });
    const stream = { write: (line: string) => void lines.push(line) };
    const module = await Test.createTestingModule({
      imports: [
        LogsModule.forRoot(config.logs, 'customercare-test', stream),
        CacheModule.forRoot(config.cache),
        HttpModule.forRoot(config),
        IdentityModule,
        HealthModule.forRoot({ checks: [DatabaseIsUp] }),
      ],
      controllers: [TalkativeController],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), { bufferLogs: true });
    useJsonLogs(app);
    await configureHttp(app, config);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());
  beforeEach(() => {
    lines.length = 0;
    DatabaseIsUp.answer = async () => true;
  });

  const parsed = (): Line[] => lines.map((line) => JSON.parse(line) as Line); // each line is one JSON object, or this throws
  const status = async (path: string): Promise<number> => (await fetch(url + path)).status;

  it('is alive without asking the database', async () => {
    DatabaseIsUp.answer = () => Promise.reject(new Error('asked'));
    const response = await fetch(`${url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['says no', async () => false],
    ['fails', () => Promise.reject(new Error(SECRET))],
    ['never answers', () => new Promise<boolean>(() => undefined)],
  ])('is not ready while the database %s, and does not tell why', async (_name, answer) => {
    expect(await status('/readyz')).toBe(200);
    DatabaseIsUp.answer = answer;
    const response = await fetch(`${url}/readyz`);
    const text = await response.text();
    expect([response.status, JSON.parse(text).code]).toEqual([503, 'service.not-ready']);
    expect(text).not.toMatch(/database|hunter2/);
    expect(parsed()).toContainEqual(expect.objectContaining({ level: 'error', missing: 'database' }));
    DatabaseIsUp.answer = async () => true;
    expect(await status('/readyz')).toBe(200);
  });

  it('writes a JSON line for a request, with its id and without its query', async () => {
    const response = await fetch(`${url}/v1/talk?q=${SECRET}`, { headers: { authorization: `Bearer ${SECRET}` } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const request = parsed().find((line) => line['message'] === 'request');
    expect(request).toMatchObject({
      level: 'info',
      name: 'customercare-test',
      requestId: response.headers.get('x-request-id'),
      req: { method: 'GET', path: '/v1/talk' },
      res: { status: 200 },
    });
    expect(Date.parse(String(request?.['timestamp']))).toBeGreaterThan(0);
    expect(lines.join('')).not.toContain(SECRET);
  });

  it('writes what was logged meanwhile under the same id, secrets redacted, on lines nobody can forge', async () => {
    const response = await fetch(`${url}/v1/talk`);
    const requestId = response.headers.get('x-request-id');
    const [talked, injected] = ['talked', 'injected'].map((text) => parsed().find((line) => line['message'] === text));
    expect(talked).toMatchObject({
      requestId,
      context: 'TalkativeController',
      documentId: 'd1',
      authorization: '[redacted]',
      user: { password: '[redacted]', refreshToken: '[redacted]' },
    });
    expect(injected).toMatchObject({ requestId, level: 'warn' });
    expect(parsed().some((line) => line['message'] === 'forged')).toBe(false);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('writes the cause of a 500 once, with its id and without the values in it', async () => {
    const response = await fetch(`${url}/v1/bug`);
    expect(response.status).toBe(500);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const errors = parsed().filter((line) => line['level'] === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      requestId: response.headers.get('x-request-id'),
      code: 'internal.error',
      err: { message: 'could not save', cause: { message: 'duplicate key', code: '23505' } },
    });
    expect(lines.join('')).not.toContain(SECRET);
  });

  it('writes no line for a health check', async () => {
    await status('/healthz');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(lines).toEqual([]);
  });
});
