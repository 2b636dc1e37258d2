import { WorkspaceDb } from '@app/database';
import { Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { type EffectiveLimits, UsageLimitsStore } from '../usage/usage-limits.store';
import type { BudgetPeriod } from './budget-periods';
import { BUDGET_UNITS, type BudgetUnit, limitOf, type Spending } from './budget-units';
import { type UsageCounter, UsageCounters } from './usage-counters';

export interface UsageOfPeriod {
  readonly used: Spending;
  readonly reserved: Spending;
  readonly limits: Readonly<Record<BudgetUnit, number | null>>;
  readonly notices: readonly string[];
}

type Usage = Readonly<Record<BudgetPeriod, UsageOfPeriod>>;

export interface UsageReport {
  readonly at: Date;
  readonly workspace: Usage;
  readonly embeds: readonly { readonly embedId: string; readonly name: string; readonly usage: Usage }[];
}

const MAX_EMBEDS = 100;
const NOTHING: Spending = { tokens: 0, costMicros: 0, modelCalls: 0 };

/** What was spent on models today and this month. */
@Injectable()
export class UsageReportService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly counters: UsageCounters,
    private readonly limits: UsageLimitsStore,
    private readonly clock: Clock,
  ) {}

  read(ctx: WorkspaceContext): Promise<UsageReport> {
    const at = this.clock.now();
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const counters = await this.counters.readAll(tx, workspaceId, at);
      const used: { id: string; name: string }[] = await tx.query(
        `select id, name from embeds where workspace_id = $1 and id = any ($2) order by id desc limit ${MAX_EMBEDS}`,
        [workspaceId, counters.flatMap(({ embedId }) => embedId ?? [])],
      );
      const embeds = [];
      for (const { id: embedId, name } of used) {
        const limits = await this.limits.readEffective(tx, workspaceId, embedId);
        embeds.push({ embedId, name, usage: usageOf(counters, limits, embedId) });
      }
      const limits = await this.limits.readEffective(tx, workspaceId, null);
      return { at, workspace: usageOf(counters, limits, null), embeds };
    });
  }
}

function usageOf(counters: readonly UsageCounter[], limits: EffectiveLimits, embedId: string | null): Usage {
  const of = (period: BudgetPeriod): UsageOfPeriod => {
    const counter = counters.find((one) => one.embedId === embedId && one.period === period);
    const { used = NOTHING, reserved = NOTHING, notices = [] } = counter ?? {};
    const scope = { embedId, visitorId: null };
    const own = BUDGET_UNITS.map((unit) => [unit, limitOf(limits, scope, period, unit)]);
    return { used, reserved, notices, limits: Object.fromEntries(own) as UsageOfPeriod['limits'] }; // every unit is there
  };
  return { day: of('day'), month: of('month') };
}
