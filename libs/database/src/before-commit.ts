import type { EntityManager, QueryRunner } from 'typeorm';

type CommitWork = () => Promise<void>;

const asked = new WeakMap<QueryRunner, CommitWork[]>();

/**
 * Asks for something to be done last in a transaction of `WorkspaceDb`, whatever else is still to come: for statements
 * that take a lock many want, which is then held for the commit alone and is always the last one taken. It runs when the
 * unit of work has resolved; when it rejects, the whole transaction is rolled back. A nested transaction that fails does
 * not take it back.
 */
export function beforeCommit(tx: EntityManager, work: CommitWork): void {
  const list = tx.queryRunner && asked.get(tx.queryRunner);
  if (!list) throw new Error('beforeCommit() needs a transaction of WorkspaceDb');
  list.push(work);
}

/** Opens the list; `WorkspaceDb` alone calls it, at the begin of each transaction. */
export const acceptCommitWork = (runner: QueryRunner): void => void asked.set(runner, []);

/** Does what was asked for, in order; what is asked for meanwhile comes after it. */
export async function runCommitWork(runner: QueryRunner): Promise<void> {
  const list = asked.get(runner) ?? [];
  for (let work = list.shift(); work; work = list.shift()) await work();
  asked.delete(runner);
}
