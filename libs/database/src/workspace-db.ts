import { Injectable } from '@nestjs/common';
import { AppError, type WorkspaceContext } from '@app/kernel';
import type { EntityManager, QueryRunner } from 'typeorm';
import { acceptCommitWork, runCommitWork } from './before-commit';
import { Database } from './database';
import { withConnection } from './with-connection';

/** A transaction in which every statement sees one tenant's rows. Valid until the unit of work ends. */
export type Tx = EntityManager;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

interface ContextIds {
  workspaceId: string | null;
  userId: string | null;
}

/** What follows `start transaction`. */
type TransactionMode = '' | 'isolation level repeatable read read only';

/**
 * The only way to a tenant table. Each call is one short transaction; never wait for a model or the network in it. The
 * database itself filters rows by the context, so forgetting a `where` shows nothing of others.
 */
@Injectable()
export class WorkspaceDb {
  private readonly waiting = new WeakMap<Tx, (() => Promise<void>)[]>();

  constructor(private readonly database: Database) {}

  /**
   * Runs `work` with the rows of `ctx.workspaceId`, and those of the user when a user acts. Commits when it resolves,
   * rolls back when it rejects, and rejects with the same error.
   *
   * @throws AppError `service.unavailable`, `service.busy` when the database cannot do it now (`withConnection`)
   */
  run<T>(ctx: WorkspaceContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.inTransaction(idsOf(ctx), work);
  }

  /** Like `run`, for work that changes nothing and whose statements must all see the same moment. */
  read<T>(ctx: WorkspaceContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.inTransaction(idsOf(ctx), work, 'isolation level repeatable read read only');
  }

  /** Like `run`, outside any workspace: only what belongs to the user, such as the profile and sessions. */
  runAsUser<T>(user: { userId: string }, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.inTransaction({ workspaceId: null, userId: user.userId }, work);
  }

  /**
   * Has `work` done as soon as the transaction of `tx` was committed, and never when it was not. `run` waits for it. By
   * then nothing can be undone, so `work` must not reject.
   */
  afterCommit(tx: Tx, work: () => Promise<void>): void {
    this.waiting.set(tx, [...(this.waiting.get(tx) ?? []), work]);
  }

  private async inTransaction<T>(
    ids: ContextIds,
    work: (tx: Tx) => Promise<T>,
    mode: TransactionMode = '',
  ): Promise<T> {
    let tx: Tx | undefined;
    const result = await withConnection(this.database.dataSource, (runner) => {
      tx = runner.manager;
      return this.commit(runner, work, () => begin(runner, ids, mode));
    });
    // The connection is given back before anything waits for another service.
    for (const afterwards of (tx && this.waiting.get(tx)) ?? []) await afterwards();
    return result;
  }

  private async commit<T>(runner: QueryRunner, work: (tx: Tx) => Promise<T>, start: () => Promise<void>): Promise<T> {
    try {
      await start();
      acceptCommitWork(runner);
      const result = await work(runner.manager);
      await runCommitWork(runner);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // What failed is what the caller wants to know; a rollback that fails too ends with the connection.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    }
  }
}

/** TypeORM begins with a statement of its own; the context rides along and saves a round trip. */
async function begin(runner: QueryRunner, { workspaceId, userId }: ContextIds, mode: TransactionMode): Promise<void> {
  const query = runner.query.bind(runner);
  // Two statements in one message cannot have parameters, hence the literals.
  const enterContext = `select enter_context(${uuid(workspaceId)}, ${uuid(userId)})`;
  runner.query = (sql: string) => query(`${sql} ${mode}; ${enterContext}`);
  await runner.startTransaction().finally(() => {
    runner.query = query;
  });
}

const idsOf = ({ workspaceId, actor }: WorkspaceContext): ContextIds => ({
  workspaceId,
  userId: actor.type === 'user' ? actor.id : null,
});

/** As an SQL literal. Anything but a UUID is refused here, so nothing else ever becomes part of a statement. */
function uuid(id: string | null): string {
  if (id === null) return 'null';
  if (!UUID.test(id)) throw new AppError('request.invalid', { errors: [{ path: 'id', message: 'is not a UUID' }] });
  return `'${id}'`;
}
