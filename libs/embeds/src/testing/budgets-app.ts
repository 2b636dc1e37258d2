import { AuditModule } from '@app/audit';
import { CacheModule } from '@app/cache';
import { type BudgetsConfig, loadConfig } from '@app/config';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { blindIndexForTests, fieldCipherForTests } from '@app/crypto/testing';
import { WorkspaceDb } from '@app/database';
import type { TestDatabase } from '@app/database/testing';
import { Clock, newId, systemContext } from '@app/kernel';
import { FakeClock } from '@app/kernel/testing';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Spending } from '../budgets/budget-units';
import { type BudgetedAnswer, releaseReservation, UsageBudgets } from '../budgets/usage-budgets';
import type { LimitWarning } from '../usage/limit-warning';
import type { UsageLimitsDto } from '../usage/usage-limits.dto';
import { UsageLimitsService } from '../usage/usage-limits.service';
import { UsageModule } from '../usage/usage.module';

@Global()
@Module({})
class TestBackbone {}

const PRICES = new Map([['a-model', { input: 1_000_000, output: 1_000_000 }]]);

/** Limits and budgets on a real database, with a clock the test moves, and answers to spend something on. */
export class BudgetsApp {
  readonly clock = new FakeClock();
  private testing: TestingModule;
  private seq = 0;

  private constructor(readonly database: TestDatabase) {}

  static async over(database: TestDatabase, budgets: Partial<BudgetsConfig> = {}): Promise<BudgetsApp> {
    const app = new BudgetsApp(database);
    const config = loadConfig({ ENVIRONMENT: 'test' });
    const provided = [
      { provide: WorkspaceDb, useValue: database.db },
      { provide: Clock, useValue: app.clock },
      { provide: FieldCipher, useValue: fieldCipherForTests() },
      { provide: BlindIndex, useValue: blindIndexForTests() },
    ];
    const imports: DynamicModule[] = [
      { module: TestBackbone, providers: provided, exports: provided.map(({ provide }) => provide) },
      { module: AuditModule },
      CacheModule.forRoot(config.cache),
      UsageModule.forRoot({
        messages: config.limits.messages,
        budgets: { ...config.budgets, prices: PRICES, ...budgets },
        addressKey: Buffer.alloc(32),
      }),
    ];
    app.testing = await Test.createTestingModule({ imports }).compile();
    await app.testing.init();
    return app;
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.testing.get<T>(type);
  }

  async close(): Promise<void> {
    await this.testing.close();
  }

  async addWorkspace(): Promise<string> {
    const id = newId();
    await this.database.inspect('insert into workspaces (id, name) values ($1, $2)', [id, 'Acme']);
    return id;
  }

  async addEmbed(workspaceId: string): Promise<string> {
    const id = newId();
    await this.database.inspect(
      `insert into embeds (workspace_id, id, name, key_last4) values ($1, $2, 'Help', 'last')`,
      [workspaceId, id],
    );
    return id;
  }

  async addVisitor(workspaceId: string, embedId: string): Promise<string> {
    const id = newId();
    await this.database.inspect('insert into visitors (workspace_id, id, embed_id) values ($1, $2, $3)', [
      workspaceId,
      id,
      embedId,
    ]);
    return id;
  }

  /** An answer being written, for a new visitor unless one is given. */
  async addAnswer(workspaceId: string, embedId: string, visitor?: string): Promise<BudgetedAnswer> {
    const visitorId = visitor ?? (await this.addVisitor(workspaceId, embedId));
    const [conversationId, answerId] = [newId(), newId()];
    await this.database.inspect(
      'insert into conversations (workspace_id, id, embed_id, visitor_id) values ($1, $2, $3, $4)',
      [workspaceId, conversationId, embedId, visitorId],
    );
    await this.database.inspect(
      `insert into messages (workspace_id, id, conversation_id, seq, author, text, status)
       values ($1, $2, $3, $4, 'assistant', '', 'generating')`,
      [workspaceId, answerId, conversationId, (this.seq += 1)],
    );
    return { workspaceId, embedId, visitorId, answerId };
  }

  reserve(answer: BudgetedAnswer, amount: Spending): Promise<boolean> {
    const budgets = this.get(UsageBudgets);
    return this.database.db.run(systemContext(answer.workspaceId), (tx) => budgets.reserve(tx, answer, amount));
  }

  settle(answer: BudgetedAnswer, spent: Spending): Promise<LimitWarning[]> {
    const budgets = this.get(UsageBudgets);
    return this.database.db.run(systemContext(answer.workspaceId), (tx) => budgets.settle(tx, answer, spent));
  }

  release(answer: BudgetedAnswer): Promise<void> {
    return this.database.db.run(systemContext(answer.workspaceId), (tx) => releaseReservation(tx, answer));
  }

  async limit(workspaceId: string, embedId: string | null, limits: UsageLimitsDto): Promise<void> {
    await this.get(UsageLimitsService).change(systemContext(workspaceId), embedId, limits);
  }
}
