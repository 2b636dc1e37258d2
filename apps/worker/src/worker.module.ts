import type { AppConfig } from '@app/config';
import { DocumentsModule } from '@app/documents';
import { type DynamicModule, Module } from '@nestjs/common';
import { PlatformModule } from '../../platform.module';

/** The worker: reads documents. It has no port. */
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
        }),
      ],
    };
  }
}
