import { estimateTokens, type ModelMeter, type ModelUsage } from './model-meter';

/** What a provider tells the meter of one call, from its beginning on, so that one that breaks off is not charged whole. */
export class CallMeter {
  private heardBytes = 0;
  private isTold = false;

  private constructor(
    private readonly meter: ModelMeter | undefined,
    private readonly inputTokens: number,
  ) {}

  /**
   * @param texts everything that is sent
   * @param maxOutputTokens what the model is told to stop at
   * @throws AppError `budget.spent`: do not call
   */
  static async reserve(
    meter: ModelMeter | undefined,
    model: string,
    texts: readonly string[],
    maxOutputTokens: number,
  ): Promise<CallMeter> {
    const inputTokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
    await meter?.reserve(model, { inputTokens, outputTokens: maxOutputTokens });
    return new CallMeter(meter, inputTokens);
  }

  /** @param usage as the model counts, where it says so; then its word holds */
  heard(text: string, usage: ModelUsage | undefined): void {
    this.heardBytes += Buffer.byteLength(text);
    this.isTold ||= usage !== undefined;
    const { inputTokens } = this;
    if (usage) this.meter?.report(usage);
    else if (!this.isTold) this.meter?.report({ inputTokens, outputTokens: Math.ceil(this.heardBytes / 3) });
  }

  /** The service answered with an error: before any text that costs nothing. */
  refused(): void {
    if (this.heardBytes === 0 && !this.isTold) this.meter?.report({ inputTokens: 0, outputTokens: 0 });
  }
}
