import { modelPrices } from './model-prices';

describe('MODEL_PRICES', () => {
  it('gives each model its price in whole millionths', () => {
    const prices = modelPrices('{"small": {"input": 100000, "output": 400000}, "free": {"input": 0, "output": 0}}');
    expect(prices.get('small')).toEqual({ input: 100_000, output: 400_000 });
    expect(prices.get('free')).toEqual({ input: 0, output: 0 });
    expect(prices.get('unknown')).toBeUndefined();
  });

  it.each([
    'cheap',
    '[]',
    'null',
    '{"m": 5}',
    '{"m": null}',
    '{"m": {"input": 1}}',
    '{"m": {"input": 0.1, "output": 1}}',
    '{"m": {"input": -1, "output": 1}}',
    '{"m": {"input": "1", "output": 1}}',
    '{"m": {"input": 1, "output": 1, "cached": 1}}',
    '{"m": {"input": 1, "output": 10000000000000}}',
  ])('refuses %s without repeating it', (text) => {
    expect(() => modelPrices(text)).toThrow('must be JSON such as');
  });
});
