import { createTestDatabase } from './create-test-database';
import { isPostgresReachable, postgresUrl } from './postgres-url';
import type { DatabaseKind, TestDatabase, TestDatabaseOptions } from './test-database';

export type CreateDatabase = (options?: TestDatabaseOptions) => Promise<TestDatabase>;

/**
 * Runs a suite on the embedded database and on PostgreSQL, for what each must do by itself; without a server the second half
 * is skipped, and says so.
 */
export function describeDatabases(name: string, suite: (create: CreateDatabase, kind: DatabaseKind) => void): void {
  describe(`${name} (embedded database)`, () =>
    suite((options) => createTestDatabase('embedded', options), 'embedded'));
  const run = () => suite((options) => createTestDatabase('postgres', options), 'postgres');
  if (isPostgresReachable()) describe(`${name} (PostgreSQL)`, run);
  else describe.skip(`${name} (PostgreSQL: skipped, nothing answers at ${new URL(postgresUrl()).host})`, run);
}

/**
 * For what depends on SQL and not on which of the two runs it: on PostgreSQL where it can be reached, else on the embedded
 * database.
 */
export function describeDatabase(name: string, suite: (create: CreateDatabase, kind: DatabaseKind) => void): void {
  const kind = isPostgresReachable() ? 'postgres' : 'embedded';
  describe(`${name} (${kind})`, () => suite((options) => createTestDatabase(kind, options), kind));
}
