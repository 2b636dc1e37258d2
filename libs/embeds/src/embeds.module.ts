import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { VisitorAuthenticator } from '@app/http';
import { EmbedChanges } from './embed-changes';
import { EmbedRequestMiddleware } from './embed-request.middleware';
import { EmbedReader } from './embed-reader';
import { EmbedSessionsController } from './embed-sessions.controller';
import { EmbedSessionsService } from './embed-sessions.service';
import { EmbedsController } from './embeds.controller';
import { EmbedsOptions } from './embeds-options';
import { EmbedsService } from './embeds.service';
import { ResumeTokens } from './resume-tokens';
import { VisitorRequests } from './visitor-requests';
import { Visitors } from './visitors';
import { VisitorTokens } from './visitor-tokens';

/** Needs the global modules of database and cache, AuditModule's `AuditLog` and a `Clock`. */
@Module({})
export class EmbedsModule implements NestModule {
  static forRoot(options: EmbedsOptions): DynamicModule {
    return {
      module: EmbedsModule,
      global: true,
      controllers: [EmbedsController, EmbedSessionsController],
      providers: [
        { provide: EmbedsOptions, useValue: options },
        EmbedChanges,
        EmbedReader,
        EmbedSessionsService,
        EmbedsService,
        ResumeTokens,
        Visitors,
        VisitorTokens,
        { provide: VisitorAuthenticator, useClass: VisitorRequests },
      ],
      exports: [EmbedReader, EmbedsService, VisitorAuthenticator, VisitorTokens],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(EmbedRequestMiddleware).forRoutes(EmbedSessionsController);
  }
}
