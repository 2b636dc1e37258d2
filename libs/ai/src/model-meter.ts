/** What one call to a model used, or is expected to use at most. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Counts what the calls of one answer cost. The provider asks it; who wants the answer decides. */
export abstract class ModelMeter {
  /**
   * Before each call, repeated ones too. What is not reported afterwards counts as used.
   * @throws AppError `budget.spent`: the call must not be made
   */
  abstract reserve(model: string, atMost: ModelUsage): Promise<void>;
  /** What the last call has used so far, as the model says; the latest report counts. */
  abstract report(usage: ModelUsage): void;
}

/**
 * Tokens of a text nobody has counted: a third of its bytes. English has about four bytes a token, Chinese three, so this
 * errs to the expensive side.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 3);
