import type { ConfigFault } from './config-error';
import type { SettingsRead } from './read-settings';

/** A budget of money with a model that costs nothing would never be spent: a limit only on paper. */
export function budgetFaults({ values, isSet }: SettingsRead): ConfigFault[] {
  const budgets = (['BUDGET_COST_MICROS_PER_DAY', 'BUDGET_COST_MICROS_PER_MONTH'] as const).filter(isSet);
  const isPriced = values.GEMINI_API_KEY === null || values.MODEL_PRICES.has(values.GEMINI_MODEL);
  if (budgets.length === 0 || isPriced) return [];
  return [{ setting: 'MODEL_PRICES', message: `must name a price for GEMINI_MODEL beside ${budgets.join(' and ')}` }];
}
