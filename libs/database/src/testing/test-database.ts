import type { PoolConfig } from 'pg';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import type { Database } from '../database';
import { DatabaseHealth } from '../database-health';
import type { OwnerStep } from '../provision/prepare-database';
import { withClient } from '../provision/prepare-database';
import { SystemDb } from '../system-db';
import { WorkspaceDb } from '../workspace-db';

export type DatabaseKind = 'embedded' | 'postgres';

export interface TestDatabaseOptions {
  /** Entities of the tables the test uses. */
  entities?: readonly EntityTarget<ObjectLiteral>[];
  ownerSteps?: readonly OwnerStep[];
  /** Connections of the application's pool; 4 when not given. */
  poolSize?: number;
}

/** A fresh, migrated database of its own. Close it. */
export class TestDatabase {
  readonly db: WorkspaceDb;
  readonly systemDb: SystemDb;
  readonly health: DatabaseHealth;

  constructor(
    readonly database: Database,
    private readonly superuser: PoolConfig,
    private readonly dispose: () => Promise<void>,
  ) {
    this.db = new WorkspaceDb(database);
    this.systemDb = new SystemDb(database);
    this.health = new DatabaseHealth(database);
  }

  get dataSource(): Database['dataSource'] {
    return this.database.dataSource;
  }

  /** Runs SQL as a superuser, past row-level security: to arrange rows and to look behind the product's back. */
  async inspect<T = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<T[]> {
    const { rows } = await withClient(this.superuser, (client) => client.query(sql, parameters));
    return rows as T[]; // the caller knows what it selects
  }

  async close(): Promise<void> {
    await this.database.close();
    await this.dispose();
  }
}
