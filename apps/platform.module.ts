import { AiModule } from '@app/ai';
import { AUDIT_ENTITIES, AuditAnchorsModule, AuditModule } from '@app/audit';
import { AUTH_ENTITIES } from '@app/auth';
import { CacheModule } from '@app/cache';
import type { AppConfig } from '@app/config';
import { BlindIndex, FieldCipher, KeyRing } from '@app/crypto';
import { DatabaseModule } from '@app/database';
import { DOCUMENT_ENTITIES } from '@app/documents';
import { EMBED_ENTITIES } from '@app/embeds';
import { Clock, ShiftedClock, SystemClock } from '@app/kernel';
import { LogsModule } from '@app/observability';
import { queueOwnerStep, QueueModule } from '@app/queue';
import { WORKSPACE_ENTITIES } from '@app/workspaces';
import { type DynamicModule, Module } from '@nestjs/common';

/** What every process stands on: time, logs, database, store, jobs, models and the audit trail. */
@Module({})
export class PlatformModule {
  static forRoot(config: AppConfig, name: string): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [
        LogsModule.forRoot(config.logs, name),
        DatabaseModule.forRoot({
          config: config.database,
          dataDir: config.server.dataDir,
          secret: config.secrets.secretKey,
          isProduction: config.environment === 'production',
          ownerSteps: [queueOwnerStep],
          entities: [
            ...AUDIT_ENTITIES,
            ...AUTH_ENTITIES,
            ...WORKSPACE_ENTITIES,
            ...EMBED_ENTITIES,
            ...DOCUMENT_ENTITIES,
          ],
        }),
        CacheModule.forRoot(config.cache),
        QueueModule.forRoot(),
        AiModule.forRoot(config.answers),
        AuditModule,
        AuditAnchorsModule.forRoot(config.audit, config.secrets.secretKey),
      ],
      providers: [
        { provide: Clock, useValue: clockOf(config) },
        { provide: FieldCipher, useValue: new FieldCipher(new KeyRing(config.secrets.encryptionKeys)) },
        { provide: BlindIndex, useValue: new BlindIndex(config.secrets.secretKey) },
      ],
      exports: [Clock, FieldCipher, BlindIndex],
    };
  }
}

const clockOf = ({ testClockFile }: AppConfig): Clock =>
  testClockFile === null ? new SystemClock() : new ShiftedClock(testClockFile);
