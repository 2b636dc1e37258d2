/** The stretches of time a budget is counted in; both are UTC's. */
export type BudgetPeriod = 'day' | 'month';

/** First day of the period `now` falls into, as `YYYY-MM-DD`. */
export function startOf(period: BudgetPeriod, now: Date): string {
  const day = now.toISOString().slice(0, 10);
  return period === 'day' ? day : `${day.slice(0, 7)}-01`;
}

/** When the period that started on `startsOn` is over. */
export function endOf(period: BudgetPeriod, startsOn: string): Date {
  const start = new Date(`${startsOn}T00:00:00Z`);
  if (period === 'day') start.setUTCDate(start.getUTCDate() + 1);
  else start.setUTCMonth(start.getUTCMonth() + 1);
  return start;
}
