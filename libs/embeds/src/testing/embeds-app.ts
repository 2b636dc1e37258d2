import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { AuditModule } from '@app/audit';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import { CacheModule } from '@app/cache';
import { loadConfig } from '@app/config';
import { SystemDb, WorkspaceDb } from '@app/database';
import type { CreateDatabase, TestDatabase } from '@app/database/testing';
import { configureHttp, createHttpAdapter, HttpModule } from '@app/http';
import { Clock, newId } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { EMBED_ENTITIES } from '../index';
import { EmbedsModule } from '../embeds.module';
import { ownerEverywhere } from './owner-everywhere';

export interface HttpAnswer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

@Global()
@Module({})
class TestBackbone {}

/** The embeds behind the real http platform on a real database. */
export class EmbedsApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase,
    readonly url: string,
    /** What the embeds take for the time. */
    readonly clock: FakeClock,
  ) {}

  static async start(create: CreateDatabase, env: Record<string, string> = {}): Promise<EmbedsApp> {
    const database = await create({ entities: EMBED_ENTITIES });
    const config = loadConfig({ ENVIRONMENT: 'test', CHALLENGE_SESSIONS_PER_IP: '10000', ...env });
    const clock = new FakeClock(new Date());
    const provided = [
      { provide: WorkspaceDb, useValue: database.db },
      { provide: SystemDb, useValue: database.systemDb },
      { provide: FieldCipher, useValue: fieldCipherForTests() },
      { provide: BlindIndex, useValue: blindIndexForTests() },
      { provide: Clock, useValue: clock },
      ...ownerEverywhere(),
    ];
    const imports: DynamicModule[] = [
      { module: TestBackbone, providers: provided, exports: provided.map(({ provide }) => provide) },
      { module: AuditModule },
      CacheModule.forRoot(config.cache),
      HttpModule.forRoot(config),
      EmbedsModule.forRoot({
        jwtSecret: randomBytes(32),
        secretKey: config.secrets.secretKey,
        challenges: config.challenges,
        ...config.tokens,
        allowsLoopbackHttp: false,
        publicUrl: () => 'https://chat.example',
      }),
    ];
    const testing = await Test.createTestingModule({ imports }).compile();
    const app = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), { logger: false });
    await configureHttp(app, config);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo; // it listens on TCP
    return new EmbedsApp(app, database, `http://127.0.0.1:${port}`, clock);
  }

  async addWorkspace(): Promise<string> {
    const id = newId();
    await this.database.inspect('insert into workspaces (id, name) values ($1, $2)', [id, 'Acme']);
    return id;
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<HttpAnswer<T>> {
    const response = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    // The caller names the shape it expects and asserts on it.
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as T };
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.close();
  }
}
