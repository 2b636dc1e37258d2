import type { Tx } from '@app/database';
import { Injectable } from '@nestjs/common';
import { type BudgetPeriod, startOf } from './budget-periods';
import type { BudgetScope, Spending } from './budget-units';

/** Whose answer it is that something is spent on. */
export interface BudgetSubject {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly visitorId: string;
}

/** What was used and is reserved in one period of one scope. */
export interface UsageCounter extends BudgetScope {
  readonly period: BudgetPeriod;
  /** `YYYY-MM-DD` */
  readonly startsOn: string;
  readonly used: Spending;
  readonly reserved: Spending;
  /** What was already told: `tokens:neared`, `costMicros:spent`… */
  readonly notices: readonly string[];
}

interface CounterRow {
  embed_id: string | null;
  visitor_id: string | null;
  period: BudgetPeriod;
  starts_on: string;
  tokens: string;
  cost_micros: string;
  model_calls: string;
  reserved_tokens: string;
  reserved_cost_micros: string;
  reserved_model_calls: string;
  notices: string[];
}

/** The counters of a subject at a moment: workspace and embed by day and month, visitor by day. */
const SCOPES = `c.workspace_id = $1 and (c.period, c.starts_on) in (('day', $4::date), ('month', $5::date)) and (
  (c.embed_id is null and c.visitor_id is null) or c.embed_id = $2 or (c.visitor_id = $3 and c.period = 'day'))`;

/** Everybody takes the locks in this order, so nobody waits in a circle. */
const LOCK_ORDER = 'c.period, c.embed_id nulls first, c.visitor_id nulls first';

const SUMS = `
  select coalesce(sum(r.tokens), 0) as reserved_tokens, coalesce(sum(r.cost_micros), 0) as reserved_cost_micros,
    coalesce(sum(r.model_calls), 0) as reserved_model_calls
  from usage_reservations r
  where r.workspace_id = c.workspace_id and (c.embed_id is null or r.embed_id = c.embed_id)
    and (c.visitor_id is null or r.visitor_id = c.visitor_id) and date_trunc(c.period, r.day)::date = c.starts_on`;

/** The rows of `usage_counters`. What is reserved is never stored beside them: it is the sum of the living reservations. */
@Injectable()
export class UsageCounters {
  /** Makes the counters that are not there yet. Of a visitor's days of the past nobody wants to know: one row is kept. */
  async ensure(tx: Tx, subject: BudgetSubject, at: Date): Promise<void> {
    await tx.query(
      `with past as (delete from usage_counters where workspace_id = $1 and visitor_id = $3 and starts_on < $4::date)
       insert into usage_counters (workspace_id, embed_id, visitor_id, period, starts_on)
       values ($1, null, null, 'day', $4::date), ($1, $2, null, 'day', $4::date), ($1, null, $3, 'day', $4::date),
         ($1, null, null, 'month', $5::date), ($1, $2, null, 'month', $5::date)
       on conflict (workspace_id, period, starts_on, embed_id, visitor_id) do nothing`,
      parametersOf(subject, at),
    );
  }

  /**
   * Locks the counters that are there, in one order. From then on until the end of the transaction nobody else reserves or
   * settles for this workspace.
   */
  async lock(tx: Tx, subject: BudgetSubject, at: Date): Promise<UsageCounter[]> {
    const parameters = parametersOf(subject, at);
    await tx.query(`select from usage_counters c where ${SCOPES} order by ${LOCK_ORDER} for update`, parameters);
    // A statement of its own: one that has waited for the lock sees reservations as they were before it waited.
    return this.read(tx, SCOPES, parameters);
  }

  /** The counters of the workspace and of all its embeds, for the periods `at` falls into. */
  readAll(tx: Tx, workspaceId: string, at: Date): Promise<UsageCounter[]> {
    const which = `c.workspace_id = $1 and c.visitor_id is null
      and (c.period, c.starts_on) in (('day', $2::date), ('month', $3::date))`;
    return this.read(tx, which, [workspaceId, startOf('day', at), startOf('month', at)]);
  }

  /** Adds to all counters of a subject that are locked. */
  async add(tx: Tx, subject: BudgetSubject, at: Date, spent: Spending): Promise<void> {
    await tx.query(
      `update usage_counters c set tokens = tokens + $6, cost_micros = cost_micros + $7, model_calls = model_calls + $8
       where ${SCOPES}`,
      [...parametersOf(subject, at), spent.tokens, spent.costMicros, spent.modelCalls],
    );
  }

  async addNotice(tx: Tx, workspaceId: string, counter: UsageCounter, notice: string): Promise<void> {
    await tx.query(
      `update usage_counters set notices = notices || $6 where workspace_id = $1 and period = $2 and starts_on = $3::date
         and embed_id is not distinct from $4 and visitor_id is not distinct from $5`,
      [workspaceId, counter.period, counter.startsOn, counter.embedId, counter.visitorId, [notice]],
    );
  }

  private async read(tx: Tx, which: string, parameters: unknown[]): Promise<UsageCounter[]> {
    const rows: CounterRow[] = await tx.query(
      `select c.embed_id, c.visitor_id, c.period, c.starts_on::text, c.tokens, c.cost_micros, c.model_calls, c.notices,
         reserved.* from usage_counters c cross join lateral (${SUMS}) reserved where ${which}`,
      parameters,
    );
    return rows.map(toCounter);
  }
}

const parametersOf = ({ workspaceId, embedId, visitorId }: BudgetSubject, at: Date): string[] => [
  workspaceId,
  embedId,
  visitorId,
  startOf('day', at),
  startOf('month', at),
];

/** The driver gives a bigint as text. */
const toCounter = (row: CounterRow): UsageCounter => ({
  embedId: row.embed_id,
  visitorId: row.visitor_id,
  period: row.period,
  startsOn: row.starts_on,
  used: {
    tokens: Number(row.tokens),
    costMicros: Number(row.cost_micros),
    modelCalls: Number(row.model_calls),
  },
  reserved: {
    tokens: Number(row.reserved_tokens),
    costMicros: Number(row.reserved_cost_micros),
    modelCalls: Number(row.reserved_model_calls),
  },
  notices: row.notices,
});
