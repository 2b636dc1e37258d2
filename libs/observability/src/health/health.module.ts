import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';

import { HealthController } from './health.controller';
import { Readiness, READINESS_CHECKS } from './readiness';
import type { ReadinessCheck } from './readiness-check';

export interface HealthOptions {
  /** Modules that provide what the checks inject; global ones need not be named. */
  imports?: ModuleMetadata['imports'];
  /** Everything that must work before requests are taken. */
  checks: readonly Type<ReadinessCheck>[];
}

/** `/healthz` and `/readyz`. */
@Module({})
export class HealthModule {
  static forRoot({ imports = [], checks }: HealthOptions): DynamicModule {
    return {
      module: HealthModule,
      imports,
      controllers: [HealthController],
      providers: [
        ...checks,
        { provide: READINESS_CHECKS, useFactory: (...made: ReadinessCheck[]) => made, inject: [...checks] },
        Readiness,
      ],
      exports: [Readiness],
    };
  }
}
