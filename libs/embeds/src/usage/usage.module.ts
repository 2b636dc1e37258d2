import { type DynamicModule, Module } from '@nestjs/common';
import { ModelCosts } from '../budgets/model-costs';
import { UsageBudgets } from '../budgets/usage-budgets';
import { UsageCounters } from '../budgets/usage-counters';
import { UsageReportController } from '../budgets/usage-report.controller';
import { UsageReportService } from '../budgets/usage-report.service';
import { VisitorLimits } from '../limits/visitor-limits';
import { UsageLimitsController } from './usage-limits.controller';
import { UsageLimitsReader } from './usage-limits.reader';
import { UsageLimitsService } from './usage-limits.service';
import { UsageLimitsStore } from './usage-limits.store';
import { UsageOptions } from './usage-options';

/** Limits and budgets. Needs the global modules of clock, database and cache, and AuditModule's `AuditLog`. */
@Module({})
export class UsageModule {
  static forRoot(options: UsageOptions): DynamicModule {
    return {
      module: UsageModule,
      global: true,
      controllers: [UsageLimitsController, UsageReportController],
      providers: [
        { provide: UsageOptions, useValue: options },
        ModelCosts,
        UsageBudgets,
        UsageCounters,
        UsageLimitsReader,
        UsageLimitsService,
        UsageLimitsStore,
        UsageReportService,
        VisitorLimits,
      ],
      exports: [ModelCosts, UsageBudgets, VisitorLimits],
    };
  }
}
