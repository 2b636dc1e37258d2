import { AuditLog } from '@app/audit';
import { NEARING_SHARE } from '@app/cache';
import type { Tx } from '@app/database';
import { Clock, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { LimitWarning } from '../usage/limit-warning';
import { type EffectiveLimits, UsageLimitsStore } from '../usage/usage-limits.store';
import { endOf, startOf } from './budget-periods';
import { BUDGET_UNITS, type BudgetUnit, limitOf, type Spending } from './budget-units';
import { type BudgetSubject, type UsageCounter, UsageCounters } from './usage-counters';

/** An answer being written, which what is spent is reserved for. */
export interface BudgetedAnswer extends BudgetSubject {
  readonly answerId: string;
}

interface Crossing {
  readonly counter: UsageCounter;
  readonly unit: BudgetUnit;
  readonly limit: number;
}

/**
 * What answers may spend on models: reserved before a call, settled after it, in the transactions of whoever writes the
 * answer. The database is the truth and a workspace's counters are locked meanwhile, so many answers at once never reserve
 * more than there is.
 */
@Injectable()
export class UsageBudgets {
  constructor(
    private readonly counters: UsageCounters,
    private readonly limits: UsageLimitsStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Sets `amount` aside for the answer, beside what it has reserved before. An answer's first reservation decides the day
   * it is counted on. The answer must have its row: the reservation goes when that goes.
   * @returns false when a budget of the visitor, the embed or the workspace does not allow it; that is then on record
   */
  async reserve(tx: Tx, answer: BudgetedAnswer, amount: Spending): Promise<boolean> {
    const { workspaceId, embedId, visitorId, answerId } = answer;
    const at = (await this.findReservation(tx, answer)) ?? this.clock.now();
    await this.counters.ensure(tx, answer, at);
    const counters = await this.counters.lock(tx, answer, at);
    const limits = await this.limits.readEffective(tx, workspaceId, embedId);
    const spent = crossings(counters, limits, ({ used, reserved }, unit, limit) => {
      return used[unit] + reserved[unit] + amount[unit] > limit;
    });
    if (spent.length > 0) {
      await this.tell(tx, workspaceId, spent, 'spent');
      return false;
    }
    await tx.query(
      `insert into usage_reservations as r
         (workspace_id, answer_id, embed_id, visitor_id, day, tokens, cost_micros, model_calls)
       values ($1, $2, $3, $4, $5::date, $6, $7, $8)
       on conflict (workspace_id, answer_id) do update set tokens = r.tokens + excluded.tokens,
         cost_micros = r.cost_micros + excluded.cost_micros, model_calls = r.model_calls + excluded.model_calls`,
      [
        workspaceId,
        answerId,
        embedId,
        visitorId,
        startOf('day', at),
        amount.tokens,
        amount.costMicros,
        amount.modelCalls,
      ],
    );
    return true;
  }

  /**
   * Puts what an answer really spent in the place of what it reserved. A second time, or without a reservation, nothing
   * happens.
   * @returns warnings that are due now, for the visitor whose answer it was
   */
  async settle(tx: Tx, answer: BudgetedAnswer, spent: Spending): Promise<LimitWarning[]> {
    const { workspaceId, embedId } = answer;
    const at = await this.findReservation(tx, answer);
    if (!at) return [];
    const counters = (await this.counters.lock(tx, answer, at)).map((counter) => withSpent(counter, spent));
    await releaseReservation(tx, answer);
    await this.counters.add(tx, answer, at, spent);
    const limits = await this.limits.readEffective(tx, workspaceId, embedId);
    const neared = crossings(counters, limits, ({ used }, unit, limit) => {
      return limit > 0 && used[unit] >= limit * NEARING_SHARE;
    });
    return (await this.tell(tx, workspaceId, neared, 'neared')).map(toWarning);
  }

  private async findReservation(tx: Tx, { workspaceId, answerId }: BudgetedAnswer): Promise<Date | null> {
    const [row]: { day: string }[] = await tx.query(
      'select day::text from usage_reservations where workspace_id = $1 and answer_id = $2',
      [workspaceId, answerId],
    );
    return row ? new Date(`${row.day}T00:00:00Z`) : null;
  }

  /** Each crossing is told once a period; a visitor's own is not a matter for the record. */
  private async tell(tx: Tx, workspaceId: string, all: Crossing[], what: 'neared' | 'spent'): Promise<Crossing[]> {
    const due = all.filter(({ counter, unit }) => !counter.notices.includes(`${unit}:${what}`));
    for (const { counter, unit, limit } of due) {
      await this.counters.addNotice(tx, workspaceId, counter, `${unit}:${what}`);
      if (counter.visitorId !== null) continue;
      const { embedId, period, startsOn } = counter;
      const data = { ...(embedId && { embedId }), unit, period, startsOn, limit };
      await this.audit.record(tx, systemContext(workspaceId), `budget.${what}`, data);
    }
    return due;
  }
}

/** Gives back what an answer reserved: alone, for one whose process died, it means that nothing is charged. */
export async function releaseReservation(
  tx: Tx,
  { workspaceId, answerId }: Pick<BudgetedAnswer, 'workspaceId' | 'answerId'>,
): Promise<void> {
  await tx.query('delete from usage_reservations where workspace_id = $1 and answer_id = $2', [workspaceId, answerId]);
}

function crossings(
  counters: readonly UsageCounter[],
  limits: EffectiveLimits,
  isCrossed: (counter: UsageCounter, unit: BudgetUnit, limit: number) => boolean,
): Crossing[] {
  return counters.flatMap((counter) =>
    BUDGET_UNITS.flatMap((unit) => {
      const limit = limitOf(limits, counter, counter.period, unit);
      return limit !== null && isCrossed(counter, unit, limit) ? [{ counter, unit, limit }] : [];
    }),
  );
}

const withSpent = (counter: UsageCounter, spent: Spending): UsageCounter => ({
  ...counter,
  used: {
    tokens: counter.used.tokens + spent.tokens,
    costMicros: counter.used.costMicros + spent.costMicros,
    modelCalls: counter.used.modelCalls + spent.modelCalls,
  },
});

/** What a stranger is told of a company's budget: a share, never an amount. */
const toWarning = ({ counter: { used, period, startsOn }, unit, limit }: Crossing): LimitWarning => ({
  axis: 'budget',
  remaining: Math.max(0, Math.floor(((limit - used[unit]) / limit) * 100)),
  resetsAt: endOf(period, startsOn).toISOString(),
});
