import type { Tx } from '@app/database';
import type { LimitWarning, ModelCosts, Spending } from '@app/embeds';
import { AnswerMeter } from './answer-meter';

// A token costs two millionths.
const costs = {
  of: ({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): Spending => ({
    tokens: inputTokens + outputTokens,
    costMicros: 2 * (inputTokens + outputTokens),
    modelCalls: 1,
  }),
} as unknown as ModelCosts;

describe('AnswerMeter', () => {
  const setAside = jest.fn<Promise<boolean>, [Spending]>();
  const settle = jest.fn<Promise<LimitWarning[]>, [Tx, Spending]>();
  const inTurn = jest.fn();
  // No statement is made here.
  const tx = {} as Tx;
  let meter: AnswerMeter;
  const atMost = { inputTokens: 100, outputTokens: 50 };

  beforeEach(() => {
    for (const each of [setAside, settle, inTurn]) each.mockReset();
    setAside.mockResolvedValue(true);
    meter = new AnswerMeter(costs, { reserve: setAside, settle, inTurn });
  });

  it('sets the most aside, and counts what was reported; of a call nobody reported, all of it', async () => {
    expect(meter.spent).toBeNull();
    await meter.reserve('m', atMost);
    expect(setAside).toHaveBeenCalledWith({ tokens: 150, costMicros: 300, modelCalls: 1 });
    meter.report({ inputTokens: 90, outputTokens: 1 });
    meter.report({ inputTokens: 90, outputTokens: 10 });
    expect(meter.spent).toEqual({ tokens: 100, costMicros: 200, modelCalls: 1 });
    await meter.reserve('m', atMost);
    expect(meter.spent).toEqual({ tokens: 250, costMicros: 500, modelCalls: 2 });
    expect(meter.isSpent).toBe(false);
  });

  it('refuses what no budget allows, and what cannot be read', async () => {
    setAside.mockResolvedValueOnce(false).mockRejectedValueOnce(new Error('no database'));
    for (let call = 0; call < 2; call += 1) {
      await expect(meter.reserve('m', atMost)).rejects.toMatchObject({ code: 'budget.spent' });
      expect([meter.isSpent, meter.spent]).toEqual([true, null]);
    }
  });

  it('settles what is known at the end, also for a call that never came to be, and never without having asked', async () => {
    expect(await meter.settle(tx)).toEqual([]);
    expect(settle).not.toHaveBeenCalled();
    await meter.end(async () => undefined);
    expect(inTurn).not.toHaveBeenCalled();
    const asking = meter.reserve('m', atMost);
    await meter.settle(tx);
    expect(settle).toHaveBeenLastCalledWith(tx, { tokens: 0, costMicros: 0, modelCalls: 0 });
    await asking;
    await meter.settle(tx);
    expect(settle).toHaveBeenLastCalledWith(tx, { tokens: 150, costMicros: 300, modelCalls: 1 });
    await meter.end(async () => undefined);
    expect(inTurn).toHaveBeenCalledTimes(1);
  });
});
