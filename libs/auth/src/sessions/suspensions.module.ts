import type { SecretsConfig, TokensConfig } from '@app/config';
import { type DynamicModule, Module } from '@nestjs/common';

import { AccountSeals } from '../accounts/account-seals';
import { AuthSettings } from '../auth-settings';
import { SessionRevocations } from './session-revocations.service';
import { SessionTerms } from './session-terms';
import { Suspensions } from './suspensions.service';

/** `Suspensions` alone, for the operator's command line: no routes, no mail. Needs what every process stands on. */
@Module({})
export class SuspensionsModule {
  static forRoot({ tokens, secrets }: { tokens: TokensConfig; secrets: SecretsConfig }): DynamicModule {
    return {
      module: SuspensionsModule,
      providers: [
        { provide: AuthSettings, useValue: new AuthSettings(tokens, secrets) },
        AccountSeals,
        SessionTerms,
        SessionRevocations,
        Suspensions,
      ],
      exports: [Suspensions],
    };
  }
}
