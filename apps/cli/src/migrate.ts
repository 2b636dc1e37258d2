import type { AppConfig } from '@app/config';
import { migrationSql, openDatabase } from '@app/database';
import { queueOwnerStep } from '@app/queue';

/**
 * Brings the database to the version of this code with `DATABASE_OWNER_URL`, so that the api and the worker can run with
 * the application's login alone. `--sql` prints what it would do to an empty database, and does nothing.
 */
export async function migrate(config: AppConfig, args: readonly string[]): Promise<string> {
  if (args.includes('--sql')) return migrationSql();
  const database = await openDatabase(config.database, config.server.dataDir, {
    secret: config.secrets.secretKey,
    isProduction: config.environment === 'production',
    ownerSteps: [queueOwnerStep],
  });
  await database.close();
  return 'The database is up to date.';
}
