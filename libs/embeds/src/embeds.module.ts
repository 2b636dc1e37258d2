import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { VisitorAuthenticator } from '@app/http';
import { Arrivals } from './arrivals.service';
import { ArrivalCounts } from './challenge/arrival-counts';
import { ChallengeGate } from './challenge/challenge-gate.service';
import { Challenges } from './challenge/challenges';
import { EmbedChecksController } from './checks/embed-checks.controller';
import { EmbedChecks } from './checks/embed-checks.service';
import { DisclosuresController } from './disclosure/disclosures.controller';
import { Disclosures } from './disclosure/disclosures';
import { EmbedAdmission } from './embed-admission';
import { EmbedChanges } from './embed-changes';
import { EmbedRequestMiddleware } from './embed-request.middleware';
import { EmbedReader } from './embed-reader';
import { EmbedSessionsController } from './embed-sessions.controller';
import { EmbedSessionsService } from './embed-sessions.service';
import { EmbedStore } from './embed-store';
import { EmbedsController } from './embeds.controller';
import { EmbedsOptions } from './embeds-options';
import { EmbedsService } from './embeds.service';
import { IdentitySecretsController } from './identity/identity-secrets.controller';
import { IdentitySecrets } from './identity/identity-secrets.service';
import { IdentityTokens } from './identity/identity-tokens';
import { SealedSecrets } from './identity/sealed-secrets';
import { VerifiedVisitors } from './identity/verified-visitors';
import { EmbedKeysController } from './keys/embed-keys.controller';
import { EmbedKeys } from './keys/embed-keys.service';
import { KeyUses } from './keys/key-uses';
import { KillSwitch } from './kill-switch.service';
import { ResumeTokens } from './resume-tokens';
import { VisitorRequests } from './visitor-requests';
import { Visitors } from './visitors';
import { VisitorTokens } from './visitor-tokens';

const CONTROLLERS = [
  EmbedsController,
  EmbedKeysController,
  EmbedChecksController,
  IdentitySecretsController,
  DisclosuresController,
  EmbedSessionsController,
];

/** What admins do. */
const ADMINISTRATION = [EmbedsService, EmbedStore, EmbedKeys, KillSwitch, EmbedChecks, IdentitySecrets];
/** What visitors meet. */
const ARRIVAL = [EmbedAdmission, EmbedSessionsService, Arrivals, KeyUses, ResumeTokens, Visitors, VisitorTokens];
/** What asks suspicious ones for work first. */
const CHALLENGE = [ChallengeGate, ArrivalCounts, Challenges];
const IDENTITY = [IdentityTokens, SealedSecrets, VerifiedVisitors];

/** Needs the global modules of database and cache, AuditModule's `AuditLog`, and `Clock`, `FieldCipher` and `BlindIndex`. */
@Module({})
export class EmbedsModule implements NestModule {
  static forRoot(options: EmbedsOptions): DynamicModule {
    return {
      module: EmbedsModule,
      global: true,
      controllers: CONTROLLERS,
      providers: [
        { provide: EmbedsOptions, useValue: options },
        EmbedChanges,
        EmbedReader,
        Disclosures,
        ...ADMINISTRATION,
        ...ARRIVAL,
        ...CHALLENGE,
        ...IDENTITY,
        { provide: VisitorAuthenticator, useClass: VisitorRequests },
      ],
      exports: [EmbedReader, EmbedsService, VisitorAuthenticator, VisitorTokens, Disclosures, VerifiedVisitors],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(EmbedRequestMiddleware).forRoutes(EmbedSessionsController);
  }
}
