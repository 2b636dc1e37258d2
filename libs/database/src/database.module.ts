import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DatabaseConfig } from '@app/config';
import { Database } from './database';
import { DatabaseHealth } from './database-health';
import { openDatabase, type OpenDatabaseOptions } from './open-database';
import { SystemDb } from './system-db';
import { WorkspaceDb } from './workspace-db';

export interface DatabaseModuleOptions extends OpenDatabaseOptions {
  config: DatabaseConfig;
  /** Folder for everything that must survive a restart; the embedded database lives in it. */
  dataDir: string;
}

/** Opens the database before anything that needs it and closes it after everything else has shut down. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static forRoot({ config, dataDir, ...options }: DatabaseModuleOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: Database, useFactory: () => openDatabase(config, dataDir, options) },
        WorkspaceDb,
        SystemDb,
        DatabaseHealth,
      ],
      exports: [Database, WorkspaceDb, SystemDb, DatabaseHealth],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
