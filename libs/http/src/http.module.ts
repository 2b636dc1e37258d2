import { KeyValueStore, SlidingWindows } from '@app/cache';
import { deriveKey, SecretBox } from '@app/crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';

import { AccessGuard } from './access/access.guard';
import { HTTP_OPTIONS, type HttpOptions } from './http-options';
import { IdempotencyRecords } from './idempotency/idempotency-records';
import { KeyValueIdempotencyRecords } from './idempotency/key-value-idempotency-records';
import { LimitsGuard } from './limits/limits.guard';
import { throttlerOptions } from './limits/throttler-options';
import { ProblemFilter } from './problems/problem.filter';
import { StrictValidationPipe } from './validation/strict-validation.pipe';

/**
 * What every route gets without asking: limits, then access (default-deny), strict validation, problems. Needs three
 * global modules: `CacheModule` (counters), one that provides `RequestAuthenticator` and one that provides
 * `WorkspaceAccess`. Global guards run in the order of this list, so nobody else registers one.
 */
@Module({})
export class HttpModule {
  static forRoot(options: HttpOptions): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      imports: [
        DiscoveryModule,
        ThrottlerModule.forRootAsync({
          inject: [SlidingWindows],
          useFactory: (windows: SlidingWindows) =>
            throttlerOptions(options.limits, windows, deriveKey(options.secrets.secretKey, 'limits')),
        }),
      ],
      providers: [
        { provide: HTTP_OPTIONS, useValue: options },
        { provide: APP_GUARD, useClass: LimitsGuard },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_PIPE, useClass: StrictValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        {
          provide: IdempotencyRecords,
          inject: [KeyValueStore],
          useFactory: (store: KeyValueStore) =>
            new KeyValueIdempotencyRecords(store, new SecretBox(deriveKey(options.secrets.secretKey, 'idempotency'))),
        },
      ],
      exports: [IdempotencyRecords],
    };
  }
}
