import { NEARING_SHARE } from '@app/cache';
import { ApiProperty } from '@nestjs/swagger';
import { type BudgetPeriod, endOf, startOf } from './budget-periods';
import { BUDGET_UNITS, type BudgetUnit } from './budget-units';
import type { UsageOfPeriod, UsageReport } from './usage-report.service';

const STATES = ['ok', 'neared', 'spent'] as const;

export class UnitUsageView {
  @ApiProperty({ type: 'integer' })
  used: number;

  @ApiProperty({ type: 'integer', description: 'Set aside for answers being written' })
  reserved: number;

  @ApiProperty({ type: 'integer', nullable: true })
  limit: number | null;

  @ApiProperty({
    enum: STATES,
    description: 'neared: 80 % are used; spent: nothing is left, or less than a call was expected to need',
  })
  state: (typeof STATES)[number];
}

export class PeriodUsageView {
  @ApiProperty({ format: 'date-time' })
  startsAt: string;

  @ApiProperty({ format: 'date-time' })
  resetsAt: string;

  @ApiProperty()
  tokens: UnitUsageView;

  @ApiProperty()
  costMicros: UnitUsageView;

  @ApiProperty()
  modelCalls: UnitUsageView;
}

export class UsageView {
  @ApiProperty()
  day: PeriodUsageView;

  @ApiProperty()
  month: PeriodUsageView;
}

export class EmbedUsageView extends UsageView {
  @ApiProperty({ format: 'uuid' })
  embedId: string;

  @ApiProperty({ maxLength: 100 })
  name: string;
}

export class UsageReportView extends UsageView {
  @ApiProperty({ type: [EmbedUsageView], maxItems: 100, description: 'Embeds with usage this month, newest first' })
  embeds: EmbedUsageView[];
}

export const toUsageReportView = ({ at, workspace, embeds }: UsageReport): UsageReportView => ({
  ...toUsageView(workspace, at),
  embeds: embeds.map(({ embedId, name, usage }) => ({ embedId, name, ...toUsageView(usage, at) })),
});

const toUsageView = (usage: Record<BudgetPeriod, UsageOfPeriod>, at: Date): UsageView => ({
  day: toPeriodView('day', usage.day, at),
  month: toPeriodView('month', usage.month, at),
});

function toPeriodView(period: BudgetPeriod, usage: UsageOfPeriod, at: Date): PeriodUsageView {
  const startsOn = startOf(period, at);
  const units = BUDGET_UNITS.map((unit) => [unit, toUnitView(unit, usage)]);
  return {
    startsAt: `${startsOn}T00:00:00.000Z`,
    resetsAt: endOf(period, startsOn).toISOString(),
    ...(Object.fromEntries(units) as Record<BudgetUnit, UnitUsageView>), // every unit is there
  };
}

function toUnitView(unit: BudgetUnit, { used, reserved, limits, notices }: UsageOfPeriod): UnitUsageView {
  const limit = limits[unit];
  const isSpent = limit !== null && (used[unit] >= limit || notices.includes(`${unit}:spent`));
  const isNeared = limit !== null && used[unit] >= limit * NEARING_SHARE;
  return { used: used[unit], reserved: reserved[unit], limit, state: isSpent ? 'spent' : isNeared ? 'neared' : 'ok' };
}
