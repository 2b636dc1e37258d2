/** What a million tokens of a model cost, in millionths of a currency unit. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

const MAX_PRICE = 1_000_000_000_000;

const FORM = 'must be JSON such as {"model-name": {"input": 100000, "output": 400000}}';

/** Prices by the model's name. Money is counted in whole millionths, never in fractions. */
export function modelPrices(text: string): ReadonlyMap<string, ModelPrice> {
  return new Map(Object.entries(parseObject(text)).map(([model, price]) => [model, toPrice(price)]));
}

function toPrice(value: unknown): ModelPrice {
  if (typeof value !== 'object' || value === null) throw new Error(FORM);
  const { input, output, ...rest } = value as Record<string, unknown>; // an object, whatever is in it
  if (!isPrice(input) || !isPrice(output) || Object.keys(rest).length > 0) throw new Error(FORM);
  return { input, output };
}

const isPrice = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_PRICE;

function parseObject(text: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error(FORM);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error(FORM);
  return parsed;
}
