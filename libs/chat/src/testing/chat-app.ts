import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type AnswerPart, AnswerProvider, type AnswerRequest } from '@app/ai';
import { FakeAnswers } from '@app/ai/testing';
import { AuditModule } from '@app/audit';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import {
  KeyValueStore,
  MemoryKeyValueStore,
  MemoryPubSub,
  MemorySlidingWindows,
  MemorySlots,
  PubSub,
  SlidingWindows,
  Slots,
} from '@app/cache';
import { type BudgetsConfig, loadConfig } from '@app/config';
import { SystemDb, WorkspaceDb } from '@app/database';
import type { CreateDatabase, TestDatabase } from '@app/database/testing';
import { EMBED_ENTITIES, EmbedsModule, UsageModule } from '@app/embeds';
import { addTestEmbed, changeTestEmbed, openTestSession, type TestEmbed } from '@app/embeds/testing';
import {
  configureHttp,
  ConnectionAuthenticator,
  createHttpAdapter,
  HttpModule,
  RequestAuthenticator,
  WorkspaceAccess,
} from '@app/http';
import { Clock, newId, SystemClock, systemContext } from '@app/kernel';
import { CannedAnswers, PassageSearch } from '@app/retrieval';
import { FakePassageSearch } from '@app/retrieval/testing';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ChatModule } from '../chat.module';
import type { ChatOptions } from '../chat-options';
import { SecureSocketAdapter } from '../sockets/secure-socket.adapter';
import { ChatVisitor } from './chat-visitor';
import { TestPeople } from './test-people';
import { warrantyPassage } from './warranty-passage';

export type AnswerScript = (request: AnswerRequest) => AsyncIterable<AnswerPart | Error> | Iterable<AnswerPart | Error>;

export const SITE = 'https://shop.example.com';
/** Where signed-in people work. */
export const DASHBOARD = 'https://admin.example.com';

const config = loadConfig({ ENVIRONMENT: 'test' });

/** What several nodes of one installation share. */
export interface SharedBackbone {
  readonly database: TestDatabase;
  readonly store: KeyValueStore;
  readonly windows: SlidingWindows;
  readonly pubSub: PubSub;
  readonly slots: Slots;
  readonly jwtSecret: Buffer;
  readonly cipher: FieldCipher;
  readonly redisUrl?: string;
  readonly redisPrefix?: string;
}

export interface NodeOptions extends Partial<ChatOptions> {
  readonly visitorTtlSeconds?: number;
  /** Per visitor. */
  readonly messagesPerMinute?: number;
  readonly budgets?: Partial<BudgetsConfig>;
}

/** One node with the real gateway on a real database; only the search and the model are played. */
export class ChatApp {
  /** What the model says from now on. */
  script: AnswerScript = quoteAll;
  readonly answers = new FakeAnswers((request) => this.script(request));
  readonly search = new FakePassageSearch();
  readonly people: TestPeople;
  app: NestFastifyApplication;
  url: string;

  private constructor(readonly backbone: SharedBackbone) {
    this.people = new TestPeople(backbone.pubSub);
  }

  /** What nodes need beside themselves, made once for several; `close` of the last node closes its database. */
  static async backbone(create: CreateDatabase): Promise<SharedBackbone> {
    const database = await create({ entities: EMBED_ENTITIES });
    return {
      database,
      store: new MemoryKeyValueStore(),
      windows: new MemorySlidingWindows(),
      pubSub: new MemoryPubSub(),
      slots: new MemorySlots(),
      jwtSecret: randomBytes(32),
      cipher: fieldCipherForTests(),
    };
  }

  static async start(create: CreateDatabase, options: NodeOptions = {}): Promise<ChatApp> {
    return ChatApp.startNode(await ChatApp.backbone(create), options);
  }

  static async startNode(backbone: SharedBackbone, options: NodeOptions = {}): Promise<ChatApp> {
    const node = new ChatApp(backbone);
    const testing = await Test.createTestingModule({ imports: node.modules(options) }).compile();
    node.app = testing.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), { logger: false });
    await configureHttp(node.app, config);
    node.app.useWebSocketAdapter(
      new SecureSocketAdapter(node.app, {
        redisUrl: backbone.redisUrl ?? null,
        redisPrefix: backbone.redisPrefix,
        trustProxy: 0,
        socketsPerIp: options.socketsPerIp ?? 1_000,
        headers: [],
      }),
    );
    await node.app.listen(0, '127.0.0.1');
    const { port } = node.app.getHttpServer().address() as AddressInfo; // it listens on TCP
    node.url = `http://127.0.0.1:${port}`;
    return node;
  }

  /** A workspace with an embed for `SITE` and one passage to answer from. */
  async addEmbed(allowedOrigins: string[] = [SITE], input: { requiresConsent?: boolean } = {}): Promise<TestEmbed> {
    const workspaceId = newId();
    await this.backbone.database.inspect('insert into workspaces (id, name) values ($1, $2)', [workspaceId, 'Acme']);
    this.search.set(workspaceId, [warrantyPassage(workspaceId)]);
    return addTestEmbed(this.app, systemContext(workspaceId), { allowedOrigins, ...input });
  }

  /** A visitor with a session and a connected socket. */
  async visit(embed: TestEmbed, { origin = SITE, resumeToken }: { origin?: string; resumeToken?: string } = {}) {
    const session = await openTestSession(this.app, { embedKey: embed.embedKey, origin, resumeToken });
    return ChatVisitor.connect(this.url, session, origin);
  }

  /** As an admin would. */
  async change(embed: TestEmbed, change: 'disable' | 'enable' | 'update', input = {}): Promise<void> {
    await changeTestEmbed(this.app, embed, change, input);
  }

  async closeNode(): Promise<void> {
    await this.app.close();
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.backbone.database.close();
  }

  private modules(options: NodeOptions): DynamicModule[] {
    const { database, store, windows, pubSub, slots, jwtSecret, cipher } = this.backbone;
    const provided = [
      { provide: WorkspaceDb, useValue: database.db },
      { provide: SystemDb, useValue: database.systemDb },
      { provide: FieldCipher, useValue: cipher },
      { provide: BlindIndex, useValue: blindIndexForTests() },
      { provide: Clock, useClass: SystemClock },
      { provide: KeyValueStore, useValue: store },
      { provide: SlidingWindows, useValue: windows },
      { provide: PubSub, useValue: pubSub },
      { provide: Slots, useValue: slots },
      { provide: AnswerProvider, useValue: this.answers },
      { provide: CannedAnswers, useValue: new CannedAnswers(database.db) },
      { provide: PassageSearch, useValue: this.search },
      { provide: RequestAuthenticator, useValue: this.people },
      { provide: ConnectionAuthenticator, useValue: this.people.connections },
      { provide: WorkspaceAccess, useValue: this.people.access },
    ];
    return [
      { module: TestBackbone, providers: provided, exports: provided.map(({ provide }) => provide) },
      { module: AuditModule },
      HttpModule.forRoot(config),
      EmbedsModule.forRoot({
        jwtSecret,
        secretKey: jwtSecret,
        challenges: { sessionsPerIp: 10_000, sessionsPerEmbed: 10_000 },
        issuer: 'customercare',
        visitorTtlSeconds: options.visitorTtlSeconds ?? 900,
        resumeTtlSeconds: 30 * 24 * 3600,
        allowsLoopbackHttp: false,
        publicUrl: () => this.url,
      }),
      UsageModule.forRoot({
        messages: {
          ...config.limits.messages,
          visitor: { perMinute: options.messagesPerMinute ?? 1_000, perHour: 10_000 },
        },
        budgets: { ...config.budgets, ...options.budgets },
        addressKey: randomBytes(32),
      }),
      ChatModule.forRoot({
        socketsPerVisitor: 5,
        socketsPerIp: 1_000,
        trustProxy: 0,
        answerTimeoutSeconds: 30,
        secretKey: jwtSecret,
        inboxOrigins: [DASHBOARD],
        ...options,
      }),
    ];
  }
}

@Global()
@Module({})
class TestBackbone {}

/** Quotes the first passage sentence by sentence, each with its marker. */
function* quoteAll({ passages }: AnswerRequest): Iterable<AnswerPart> {
  for (const sentence of passages[0]?.text.split(/(?<=\.) /) ?? []) yield { type: 'text', text: `${sentence} [1] ` };
  yield { type: 'end', reason: 'complete', model: 'fake' };
}
