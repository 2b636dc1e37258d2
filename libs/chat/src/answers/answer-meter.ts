import { ModelMeter, type ModelUsage } from '@app/ai';
import type { Tx } from '@app/database';
import type { LimitWarning, ModelCosts, Spending } from '@app/embeds';
import { AppError } from '@app/kernel';

/** Where one answer's spending is kept. */
export interface AnswerLedger {
  /** False when a budget does not allow it. */
  reserve(amount: Spending): Promise<boolean>;
  /** Within the transaction that ends the answer. */
  settle(tx: Tx, spent: Spending): Promise<LimitWarning[]>;
  /** After whoever reserves or settles for the same workspace here. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

interface Call {
  readonly model: string;
  /** Until the provider says otherwise, what was reserved. */
  usage: ModelUsage;
}

const NOTHING: Spending = { tokens: 0, costMicros: 0, modelCalls: 0 };

/** Counts the model calls of one answer and lets none be made that no budget allows. */
export class AnswerMeter extends ModelMeter {
  private readonly calls: Call[] = [];
  private hasAsked = false;
  private isOver = false;

  constructor(
    private readonly costs: ModelCosts,
    private readonly ledger: AnswerLedger,
  ) {
    super();
  }

  /** Whether the last call that was wanted was refused. */
  get isSpent(): boolean {
    return this.isOver;
  }

  /** What all calls have used, as far as is known now; null when there was none. */
  get spent(): Spending | null {
    if (this.calls.length === 0) return null;
    const all = this.calls.map(({ model, usage }) => this.costs.of({ model, ...usage }));
    return {
      tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
      costMicros: all.reduce((sum, { costMicros }) => sum + costMicros, 0),
      modelCalls: all.length,
    };
  }

  /** A budget that cannot be read is spent: what cannot be counted is not bought. */
  async reserve(model: string, atMost: ModelUsage): Promise<void> {
    this.hasAsked = true;
    try {
      this.isOver = !(await this.ledger.reserve(this.costs.of({ model, ...atMost })));
    } catch (cause) {
      this.isOver = true;
      throw new AppError('budget.spent', { cause });
    }
    if (this.isOver) throw new AppError('budget.spent');
    this.calls.push({ model, usage: atMost });
  }

  report(usage: ModelUsage): void {
    const last = this.calls.at(-1);
    if (last) last.usage = usage;
  }

  /** Does what ends the answer; an answer that wanted no model waits for nobody. */
  end<T>(work: () => Promise<T>): Promise<T> {
    return this.hasAsked ? this.ledger.inTurn(work) : work();
  }

  /**
   * Also what was set aside for a call that the answer's end came before.
   * @returns warnings that are due now
   */
  async settle(tx: Tx): Promise<LimitWarning[]> {
    return this.hasAsked ? this.ledger.settle(tx, this.spent ?? NOTHING) : [];
  }
}
