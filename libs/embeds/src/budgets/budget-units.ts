import type { EffectiveLimits } from '../usage/usage-limits.store';
import type { BudgetPeriod } from './budget-periods';

/** What a budget is counted in. Money is whole millionths. */
export const BUDGET_UNITS = ['tokens', 'costMicros', 'modelCalls'] as const;

export type BudgetUnit = (typeof BUDGET_UNITS)[number];
/** An amount of everything that is counted. */
export type Spending = Readonly<Record<BudgetUnit, number>>;

/** Whose counter it is. Neither id: the whole workspace's. */
export interface BudgetScope {
  readonly embedId: string | null;
  readonly visitorId: string | null;
}

const LIMIT_NAMES = {
  tokens: { day: 'tokensPerDay', month: 'tokensPerMonth' },
  costMicros: { day: 'costMicrosPerDay', month: 'costMicrosPerMonth' },
  modelCalls: { day: 'modelCallsPerDay', month: 'modelCallsPerMonth' },
} as const;

/** The limit of one unit of one counter; null when there is none. */
export function limitOf(
  { workspace, embed }: EffectiveLimits,
  { embedId, visitorId }: BudgetScope,
  period: BudgetPeriod,
  unit: BudgetUnit,
): number | null {
  if (visitorId !== null) return unit === 'tokens' && period === 'day' ? visitorTokens(workspace, embed) : null;
  return (embedId === null ? workspace : embed)[LIMIT_NAMES[unit][period]];
}

function visitorTokens(...limits: EffectiveLimits['workspace'][]): number | null {
  const set = limits.flatMap(({ visitorTokensPerDay }) => visitorTokensPerDay ?? []);
  return set.length === 0 ? null : Math.min(...set);
}
