import { ApiKeysModule, AuthModule } from '@app/auth';
import { ChatModule } from '@app/chat';
import type { AppConfig } from '@app/config';
import { DocumentsModule } from '@app/documents';
import { deriveKey } from '@app/crypto';
import { EmbedsModule, UsageModule } from '@app/embeds';
import { HttpModule } from '@app/http';
import { MailModule } from '@app/mail';
import { HealthModule } from '@app/observability';
import { RetrievalModule } from '@app/retrieval';
import { WorkspacesModule } from '@app/workspaces';
import { type DynamicModule, Module } from '@nestjs/common';
import { HousekeepingModule } from '../../housekeeping.module';
import { PlatformModule } from '../../platform.module';
import { DemoWorkspace } from './demo/demo-workspace';
import { Readiness } from './readiness';

/** When a model has used up its time, the documents' own sentences still need a moment. */
const FALLBACK_SECONDS = 5;

/** The api: every module with routes or sockets, on the platform. `publicUrl` is how browsers reach it. */
@Module({})
export class ApiModule {
  static forRoot(config: AppConfig, publicUrl: string): DynamicModule {
    const { tokens, secrets, limits, server } = config;
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(config, 'customercare-api'),
        HttpModule.forRoot(config),
        HealthModule.forRoot({ checks: [Readiness] }),
        MailModule.forRoot(config.mail, publicUrl),
        AuthModule.forRoot({
          ...{ tokens, secrets, publicUrl },
          oidc: config.oidc,
          passwords: config.passwords,
          ownOrigins: [publicUrl, ...server.corsOrigins],
        }),
        WorkspacesModule,
        ApiKeysModule,
        EmbedsModule.forRoot({
          ...tokens,
          ...{ jwtSecret: secrets.jwtSecret, secretKey: secrets.secretKey, challenges: config.challenges },
          allowsLoopbackHttp: config.environment !== 'production',
          publicUrl: () => publicUrl,
        }),
        UsageModule.forRoot({
          messages: limits.messages,
          budgets: config.budgets,
          addressKey: deriveKey(secrets.secretKey, 'limits'),
        }),
        DocumentsModule.forRoot({
          config: config.documents,
          dataDir: server.dataDir,
          encryptionKeys: secrets.encryptionKeys,
          hasWorker: server.hasInlineWorker,
          web: { environment: config.environment, webFetch: config.webFetch, contactUrl: publicUrl },
        }),
        ...(server.hasInlineWorker ? [HousekeepingModule] : []),
        RetrievalModule,
        ChatModule.forRoot({
          ...limits,
          trustProxy: server.trustProxy,
          secretKey: secrets.secretKey,
          inboxOrigins: [publicUrl, ...server.corsOrigins],
          answerTimeoutSeconds: config.answers.timeoutSeconds + FALLBACK_SECONDS,
        }),
      ],
      providers: [DemoWorkspace],
    };
  }
}
