import { loadConfig } from '@app/config';
import { ModelCosts } from './model-costs';

const { limits, budgets } = loadConfig({
  ENVIRONMENT: 'test',
  MODEL_PRICES: '{"small": {"input": 100000, "output": 400000}, "dear": {"input": 1000000000000, "output": 0}}',
});
const costs = new ModelCosts({ messages: limits.messages, budgets, addressKey: Buffer.alloc(32) });

describe('ModelCosts', () => {
  it.each([
    ['small', 1_000_000, 1_000_000, 500_000],
    ['small', 1_234, 56, 124 + 23],
    ['small', 1, 0, 1],
    ['small', 0, 0, 0],
    ['dear', 9_007_199, 0, 9_007_199_000_000],
    ['unknown', 1_000_000, 1_000_000, 0],
  ])('%s: %d read and %d written cost %d millionths', (model, inputTokens, outputTokens, costMicros) => {
    expect(costs.of({ model, inputTokens, outputTokens })).toEqual({
      tokens: inputTokens + outputTokens,
      costMicros,
      modelCalls: 1,
    });
  });
});
