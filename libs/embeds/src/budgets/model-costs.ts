import { Injectable } from '@nestjs/common';
import { UsageOptions } from '../usage/usage-options';
import type { Spending } from './budget-units';

const MILLION = 1_000_000n;

/** What calls to models cost, in whole millionths of the currency the installation sets its prices in. */
@Injectable()
export class ModelCosts {
  constructor(private readonly options: UsageOptions) {}

  /** One call. A part of a millionth counts as one; a model without a price costs nothing. */
  of({ model, inputTokens, outputTokens }: { model: string; inputTokens: number; outputTokens: number }): Spending {
    const price = this.options.budgets.prices.get(model);
    const costMicros = price ? part(inputTokens, price.input) + part(outputTokens, price.output) : 0;
    return { tokens: inputTokens + outputTokens, costMicros, modelCalls: 1 };
  }
}

/** With big integers, because tokens times a price may be more than a number holds exactly. */
const part = (tokens: number, price: number): number =>
  Number((BigInt(tokens) * BigInt(price) + MILLION - 1n) / MILLION);
