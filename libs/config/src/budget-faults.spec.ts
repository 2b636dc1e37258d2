import { budgetFaults } from './budget-faults';
import { readSettings } from './read-settings';

const model = { GEMINI_API_KEY: 'a-key-of-gemini', GEMINI_MODEL: 'gemini-test' };
const budget = { BUDGET_COST_MICROS_PER_DAY: '5000000' };
const prices = (name: string) => ({ MODEL_PRICES: JSON.stringify({ [name]: { input: 1, output: 2 } }) });
const faults = (env: NodeJS.ProcessEnv) => budgetFaults(readSettings(env));

describe('A budget of money', () => {
  it.each([
    ['a model without a price', { ...model, ...budget }],
    ['the price of another model', { ...model, ...budget, ...prices('gemini-other') }],
  ])('is refused beside %s', (_, env) => {
    expect(faults(env)).toEqual([
      { setting: 'MODEL_PRICES', message: 'must name a price for GEMINI_MODEL beside BUDGET_COST_MICROS_PER_DAY' },
    ]);
  });

  it.each([
    ['a price', { ...model, ...budget, ...prices('gemini-test') }],
    ['no model', budget],
  ])('is fine beside %s', (_, env) => expect(faults(env)).toEqual([]));

  it('is not missed where there is none', () => expect(faults(model)).toEqual([]));
});
