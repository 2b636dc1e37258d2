import { auditTrailOf } from '@app/audit/testing';
import { describeDatabase, type TestDatabase } from '@app/database/testing';
import { newId, systemContext } from '@app/kernel';
import { BudgetsApp } from '../testing/budgets-app';
import type { Spending } from './budget-units';
import { UsageLimitsService } from '../usage/usage-limits.service';
import type { BudgetedAnswer } from './usage-budgets';
import { toUsageReportView, type UsageReportView } from './usage-report.dto';
import { UsageReportService } from './usage-report.service';

const spending = (tokens: number, costMicros = 0, modelCalls = 1): Spending => ({ tokens, costMicros, modelCalls });

describeDatabase('B02 budgets', (create) => {
  let database: TestDatabase;
  let app: BudgetsApp;
  let workspaceId: string;
  let embedId: string;

  beforeAll(async () => {
    database = await create();
  });
  beforeEach(async () => {
    app = await BudgetsApp.over(database);
    workspaceId = await app.addWorkspace();
    embedId = await app.addEmbed(workspaceId);
  });
  afterEach(() => app.close());
  afterAll(() => database.close());

  const answers = (count: number, embed = embedId, visitorId?: string): Promise<BudgetedAnswer[]> =>
    Promise.all(Array.from({ length: count }, () => app.addAnswer(workspaceId, embed, visitorId)));

  /** The answers that were allowed to spend so much, all at once. */
  async function reserveAll(all: BudgetedAnswer[], amount: Spending): Promise<BudgetedAnswer[]> {
    const allowed = await Promise.all(all.map((answer) => app.reserve(answer, amount)));
    return all.filter((_, index) => allowed[index]);
  }

  const report = async (): Promise<UsageReportView> =>
    toUsageReportView(await app.get(UsageReportService).read(systemContext(workspaceId)));

  const recorded = async (action: string) =>
    (await auditTrailOf(database, { workspaceId })).filter((row) => row.action === action).map(({ data }) => data);

  it.each([
    ['modelCallsPerDay', 5, spending(0)],
    ['tokensPerMonth', 5_400, spending(1_000)],
    ['costMicrosPerDay', 59, spending(7, 10)],
  ] as const)('LLM10 %s is never overshot, however many answers reserve at once', async (name, limit, amount) => {
    await app.limit(workspaceId, null, { [name]: limit });
    expect(await reserveAll(await answers(20), amount)).toHaveLength(5);
    expect(await reserveAll(await answers(1), amount)).toHaveLength(0);
  });

  it('puts what was really used in the place of what was reserved, once', async () => {
    await app.limit(workspaceId, null, { tokensPerDay: 10_000 });
    const [first, second] = await answers(2);
    if (!first || !second) throw new Error('two were made');
    expect(await app.reserve(first, spending(8_000, 30))).toBe(true);
    expect((await report()).day.tokens).toEqual({ used: 0, reserved: 8_000, limit: 10_000, state: 'ok' });
    expect(await app.reserve(second, spending(8_000))).toBe(false);
    for (let time = 0; time < 2; time += 1) await app.settle(first, spending(1_500, 20));
    expect((await report()).day.tokens).toMatchObject({ used: 1_500, reserved: 0 });
    expect((await report()).month).toMatchObject({ costMicros: { used: 20 }, modelCalls: { used: 1 } });
    expect(await app.reserve(second, spending(8_000))).toBe(true);
  });

  it('adds up the calls of one answer', async () => {
    const [answer] = await answers(1);
    if (!answer) throw new Error('one was made');
    for (let call = 0; call < 3; call += 1) await app.reserve(answer, spending(100));
    expect((await report()).day.modelCalls.reserved).toBe(3);
    await app.settle(answer, spending(50, 0, 3));
    expect((await report()).day).toMatchObject({ tokens: { used: 50, reserved: 0 }, modelCalls: { used: 3 } });
  });

  it('charges an answer nothing whose process died, or that is deleted', async () => {
    await app.limit(workspaceId, null, { modelCallsPerDay: 2 });
    const [died, deleted, next, last] = await answers(4);
    if (!died || !deleted || !next || !last) throw new Error('four were made');
    await reserveAll([died, deleted], spending(10));
    expect(await app.reserve(next, spending(10))).toBe(false);
    await app.release(died);
    expect(await app.settle(died, spending(10))).toEqual([]);
    expect(await app.reserve(next, spending(10))).toBe(true);
    await database.inspect('delete from messages where id = $1', [deleted.answerId]);
    expect(await app.reserve(last, spending(10))).toBe(true);
    expect((await report()).day.modelCalls).toMatchObject({ used: 0, reserved: 2 });
  });

  it('counts each embed by itself and the workspace over all of them', async () => {
    const other = await app.addEmbed(workspaceId);
    await app.limit(workspaceId, null, { modelCallsPerDay: 6 });
    await app.limit(workspaceId, embedId, { modelCallsPerDay: 2 });
    expect(await reserveAll(await answers(5), spending(1))).toHaveLength(2);
    expect(await reserveAll(await answers(8, other), spending(1))).toHaveLength(4);
    const { embeds, day } = await report();
    expect(embeds.map(({ day: { modelCalls } }) => [modelCalls.reserved, modelCalls.limit])).toEqual([
      [4, null],
      [2, 2],
    ]);
    expect(day.modelCalls).toEqual({ used: 0, reserved: 6, limit: 6, state: 'spent' });
  });

  it('counts one visitor’s tokens of a day, and keeps one row a visitor', async () => {
    await app.limit(workspaceId, null, { visitorTokensPerDay: 1_000 });
    await app.limit(workspaceId, embedId, { visitorTokensPerDay: 300 });
    const visitorId = await app.addVisitor(workspaceId, embedId);
    expect(await reserveAll(await answers(5, embedId, visitorId), spending(100))).toHaveLength(3);
    expect(await reserveAll(await answers(1), spending(100))).toHaveLength(1);
    app.clock.advance(86_400);
    expect(await reserveAll(await answers(5, embedId, visitorId), spending(100))).toHaveLength(3);
    const rows = await database.inspect('select starts_on from usage_counters where visitor_id = $1', [visitorId]);
    expect(rows).toHaveLength(1);
  });

  it('begins anew with the day and the month; an answer counts on the day of its first call', async () => {
    await app.limit(workspaceId, null, { modelCallsPerDay: 2, modelCallsPerMonth: 3 });
    const [first] = await reserveAll(await answers(1), spending(10));
    if (!first) throw new Error('it was allowed');
    app.clock.advance(86_400);
    await app.settle(first, spending(10));
    expect((await report()).day.modelCalls.used).toBe(0);
    expect(await reserveAll(await answers(4), spending(10))).toHaveLength(2);
    app.clock.advance(86_400);
    expect(await reserveAll(await answers(4), spending(10))).toHaveLength(0);
    app.clock.advance(31 * 86_400);
    expect((await report()).month).toMatchObject({ startsAt: '2026-02-01T00:00:00.000Z', modelCalls: { state: 'ok' } });
    expect(await reserveAll(await answers(4), spending(10))).toHaveLength(2);
  });

  it('warns at 80 % once, records it and the end, and again when the limit was changed', async () => {
    await app.limit(workspaceId, null, { tokensPerDay: 1_000 });
    const use = async (tokens: number) => {
      const [answer] = await answers(1);
      if (!answer) throw new Error('one was made');
      return (await app.reserve(answer, spending(tokens))) ? app.settle(answer, spending(tokens)) : 'refused';
    };
    expect(await use(700)).toEqual([]);
    expect(await use(120)).toEqual([{ axis: 'budget', remaining: 18, resetsAt: '2026-01-02T00:00:00.000Z' }]);
    expect(await use(30)).toEqual([]);
    expect((await report()).day.tokens.state).toBe('neared');
    expect([await use(200), await use(200)]).toEqual(['refused', 'refused']);
    expect((await report()).day.tokens.state).toBe('spent');
    const about = { unit: 'tokens', period: 'day', startsOn: '2026-01-01', limit: 1_000 };
    expect(await recorded('budget.neared')).toEqual([about]);
    expect(await recorded('budget.spent')).toEqual([about]);
    await app.limit(workspaceId, null, { tokensPerDay: 2_000 });
    expect((await report()).day.tokens.state).toBe('ok');
    expect(await use(900)).toMatchObject([{ axis: 'budget', remaining: 12 }]);
  });

  it('takes a budget of nothing at its word', async () => {
    await app.limit(workspaceId, null, { modelCallsPerDay: 0 });
    expect(await reserveAll(await answers(2), spending(0))).toHaveLength(0);
    expect((await report()).day.modelCalls).toEqual({ used: 0, reserved: 0, limit: 0, state: 'spent' });
  });

  it('takes no limit of money that nothing would ever count on', async () => {
    await app.close();
    app = await BudgetsApp.over(database, { prices: new Map() });
    const errors = [{ path: 'costMicrosPerDay', message: expect.stringContaining('MODEL_PRICES') as string }];
    await expect(app.limit(workspaceId, null, { costMicrosPerDay: 5, tokensPerDay: 5 })).rejects.toMatchObject({
      code: 'request.invalid',
      options: { errors },
    });
    expect((await app.get(UsageLimitsService).get(systemContext(workspaceId), null)).own.tokensPerDay).toBeNull();
    await app.limit(workspaceId, null, { costMicrosPerDay: null });
  });

  it('lets nobody set more than the workspace or the installation has', async () => {
    await app.close();
    app = await BudgetsApp.over(database, { tokensPerDay: 5_000 });
    const refused = (path: string) => ({
      code: 'request.invalid',
      options: { errors: [expect.objectContaining({ path })] },
    });
    await expect(app.limit(workspaceId, null, { tokensPerDay: 5_001 })).rejects.toMatchObject(refused('tokensPerDay'));
    await app.limit(workspaceId, null, { tokensPerDay: 4_000, messagesPerHour: 100 });
    await expect(app.limit(workspaceId, embedId, { tokensPerDay: 4_001 })).rejects.toMatchObject(
      refused('tokensPerDay'),
    );
    await expect(app.limit(workspaceId, embedId, { messagesPerHour: 101 })).rejects.toMatchObject(
      refused('messagesPerHour'),
    );
    await expect(app.limit(workspaceId, newId(), {})).rejects.toMatchObject({ code: 'embed.not-found' });
    await app.limit(workspaceId, null, {});
    await app.limit(workspaceId, null, { messagesPerHour: null });
    const { own, effective } = await app.get(UsageLimitsService).get(systemContext(workspaceId), null);
    expect([own.tokensPerDay, own.messagesPerHour, effective.messagesPerHour]).toEqual([4_000, null, 40_000]);
    expect(await recorded('usage-limits.updated')).toEqual([
      { tokensPerDay: 4_000, messagesPerHour: 100 },
      { messagesPerHour: null },
    ]);
  });
});
