import type { AppConfig } from '@app/config';
import { DocumentsModule } from '@app/documents';
import { type DynamicModule, Module } from '@nestjs/common';
import { HousekeepingModule } from '../../housekeeping.module';
import { PlatformModule } from '../../platform.module';

/** The worker: reads documents and takes away what has run out. It has no port. */
@Module({})
export class WorkerModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot(config, 'customercare-worker'),
        DocumentsModule.forRoot({
          config: config.documents,
          dataDir: config.server.dataDir,
          encryptionKeys: config.secrets.encryptionKeys,
          hasWorker: true,
          hasRoutes: false,
          web: { environment: config.environment, webFetch: config.webFetch, contactUrl: config.server.publicUrl },
        }),
        HousekeepingModule,
      ],
    };
  }
}
