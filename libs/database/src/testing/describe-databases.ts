import { createTestDatabase } from './create-test-database';
import { isPostgresReachable, postgresUrl } from './postgres-url';
import type { DatabaseKind, TestDatabase, TestDatabaseOptions } from './test-database';

export type CreateDatabase = (options?: TestDatabaseOptions) => Promise<TestDatabase>;

/** Runs a suite on the embedded database and on PostgreSQL; without a server the second half is skipped, and says so. */
export function describeDatabases(name: string, suite: (create: CreateDatabase, kind: DatabaseKind) => void): void {
  describe(`${name} (embedded database)`, () =>
    suite((options) => createTestDatabase('embedded', options), 'embedded'));
  const run = () => suite((options) => createTestDatabase('postgres', options), 'postgres');
  if (isPostgresReachable()) describe(`${name} (PostgreSQL)`, run);
  else describe.skip(`${name} (PostgreSQL: skipped, nothing answers at ${new URL(postgresUrl()).host})`, run);
}
