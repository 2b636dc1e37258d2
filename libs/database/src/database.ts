import type { DataSource } from 'typeorm';
import type { DatabaseAccess, DatabaseConnection } from './database-access';

/** The open database: the application's pool, and how another pool may connect as the application. */
export class Database {
  private closing: Promise<void> | null = null;

  constructor(
    readonly dataSource: DataSource,
    private readonly access: DatabaseAccess,
  ) {}

  /** For a pool of its own, such as the queue's: the same login and the same rights. */
  get connection(): DatabaseConnection {
    return { ...this.access.application };
  }

  /** Closes the pool, then the embedded engine. Pools made from `connection` are closed by who made them, before this. */
  close(): Promise<void> {
    this.closing ??= (async () => {
      if (this.dataSource.isInitialized) await this.dataSource.destroy();
      await this.access.close();
    })();
    return this.closing;
  }
}
