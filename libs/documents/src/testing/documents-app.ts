import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddingProvider } from '@app/ai';
import { FakeEmbeddings } from '@app/ai/testing';
import { AuditModule } from '@app/audit';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import { CacheModule } from '@app/cache';
import { loadConfig } from '@app/config';
import { SystemDb, WorkspaceDb } from '@app/database';
import type { CreateDatabase, TestDatabase } from '@app/database/testing';
import { configureHttp, createHttpAdapter, HttpModule, RequestAuthenticator, WorkspaceAccess } from '@app/http';
import { Clock, newId, SystemClock, type UserContext, type WorkspaceContext } from '@app/kernel';
import { JobQueue } from '@app/queue';
import { MemoryJobQueue } from '@app/queue/testing';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { DOCUMENT_ENTITIES } from '../index';
import { DocumentsModule } from '../documents.module';
import { DocumentsService } from '../documents.service';
import { ParserProcess } from '../parsing/parser-process';
import { VirusScanner } from '../scanning/virus-scanner';
import { compiledParserEntry } from './compiled-parser-entry';
import { FakeVirusScanner } from './fake-virus-scanner';
import { ParserHere } from './parser-here';

const USER_ID = '00000000-0000-7000-8000-000000000001';

class Anybody extends RequestAuthenticator {
  async authenticate(): Promise<UserContext> {
    return { userId: USER_ID, sessionId: newId() };
  }
}

class OwnerEverywhere extends WorkspaceAccess {
  async roleOf(): Promise<'owner'> {
    return 'owner';
  }
}

@Global()
@Module({})
class TestBackbone {}

export interface DocumentsAppOptions {
  readonly env?: Record<string, string>;
  readonly hasWorker?: boolean;
  /** Reads files in this process: a second less each, for tests that are not about reading. */
  readonly parsesHere?: boolean;
}

/** The documents behind the real http platform on a real database, with queue, embeddings and scanner played. */
export class DocumentsApp {
  readonly queue = new MemoryJobQueue();
  readonly embeddings = new FakeEmbeddings();
  readonly scanner = new FakeVirusScanner();

  private constructor(
    readonly database: TestDatabase,
    readonly dataDir: string,
  ) {}

  app: NestFastifyApplication;
  url: string;

  static async start(
    create: CreateDatabase,
    { env = {}, hasWorker = true, parsesHere = false }: DocumentsAppOptions = {},
  ): Promise<DocumentsApp> {
    const dataDir = await mkdtemp(join(tmpdir(), 'customercare-documents-'));
    const started = new DocumentsApp(await create({ entities: DOCUMENT_ENTITIES }), dataDir);
    await started.listen({ env, hasWorker, parsesHere });
    return started;
  }

  get documents(): DocumentsService {
    return this.app.get(DocumentsService);
  }

  async addWorkspace(): Promise<WorkspaceContext> {
    const workspaceId = newId();
    await this.database.inspect('insert into workspaces (id, name) values ($1, $2)', [workspaceId, 'Acme']);
    return { workspaceId, actor: { type: 'user', id: USER_ID } };
  }

  fetch(ctx: WorkspaceContext, path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/v1/workspaces/${ctx.workspaceId}/documents${path}`, init);
  }

  async close(): Promise<void> {
    await this.queue.close();
    await this.app.close();
    await this.database.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async listen({ env, hasWorker, parsesHere }: Required<DocumentsAppOptions>): Promise<void> {
    const config = loadConfig({ ENVIRONMENT: 'test', ...env });
    const { db, systemDb } = this.database;
    const provided = [
      { provide: WorkspaceDb, useValue: db },
      { provide: SystemDb, useValue: systemDb },
      { provide: FieldCipher, useValue: fieldCipherForTests() },
      { provide: BlindIndex, useValue: blindIndexForTests() },
      { provide: Clock, useClass: SystemClock },
      { provide: JobQueue, useValue: this.queue },
      { provide: EmbeddingProvider, useValue: this.embeddings },
      { provide: RequestAuthenticator, useValue: new Anybody() },
      { provide: WorkspaceAccess, useValue: new OwnerEverywhere() },
    ];
    const imports: DynamicModule[] = [
      { module: TestBackbone, providers: provided, exports: provided.map(({ provide }) => provide) },
      { module: AuditModule },
      CacheModule.forRoot(config.cache),
      HttpModule.forRoot(config),
      DocumentsModule.forRoot({
        config: config.documents,
        dataDir: this.dataDir,
        encryptionKeys: [{ kid: 'test', key: randomBytes(32) }],
        hasWorker,
        web: { environment: 'test', webFetch: config.webFetch, contactUrl: null },
        parserEntry: compiledParserEntry(),
      }),
    ];
    const builder = Test.createTestingModule({ imports }).overrideProvider(VirusScanner).useValue(this.scanner);
    if (parsesHere) builder.overrideProvider(ParserProcess).useValue(new ParserHere());
    const testing = await builder.compile();
    this.app = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), { logger: false });
    await configureHttp(this.app, config);
    await this.app.listen(0, '127.0.0.1');
    const { port } = this.app.getHttpServer().address() as AddressInfo; // it listens on TCP
    this.url = `http://127.0.0.1:${port}`;
  }
}
