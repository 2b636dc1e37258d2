import { Logger } from '@nestjs/common';
import { AppError, type Clock } from '@app/kernel';
import { type AnswerPart, AnswerProvider, type AnswerRequest } from './answer-provider';

/** Failures in a row after which a provider is left alone for a while. */
const FAILURES_TO_OPEN = 3;
const OPEN_MS = 30_000;

interface Circuit {
  failures: number;
  /** Epoch milliseconds until which the provider is skipped. */
  openUntil: number;
}

/**
 * Asks the providers in order until one answers. Another one is tried only while nothing was shown: a visitor must not
 * read two beginnings. A provider that fails three times in a row is skipped for 30 s, then tried with one question
 * (circuit breaker); the last provider is never skipped. A budget that is spent is nobody's failure: the next provider is
 * asked, and the one that may not be paid for stays as it is.
 */
export class FallbackAnswers extends AnswerProvider {
  readonly name: string;
  private readonly logger = new Logger(FallbackAnswers.name);
  private readonly circuits = new Map<AnswerProvider, Circuit>();

  constructor(
    private readonly providers: readonly [AnswerProvider, ...AnswerProvider[]],
    private readonly clock: Clock,
  ) {
    super();
    this.name = providers.map(({ name }) => name).join('+');
  }

  async *answer(request: AnswerRequest, signal: AbortSignal): AsyncIterable<AnswerPart> {
    for (const provider of this.providers) {
      const isLast = provider === this.providers.at(-1);
      if (!isLast && this.isOpen(provider)) continue;
      let hasText = false;
      try {
        for await (const part of provider.answer(request, signal)) {
          hasText ||= part.type === 'text';
          yield part;
        }
        this.circuits.delete(provider);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!isBudgetSpent(error)) this.countFailure(provider, error);
        if (hasText || isLast) throw error;
      }
    }
  }

  private isOpen(provider: AnswerProvider): boolean {
    const circuit = this.circuits.get(provider);
    return circuit !== undefined && circuit.openUntil > this.clock.now().getTime();
  }

  private countFailure(provider: AnswerProvider, error: unknown): void {
    const failures = (this.circuits.get(provider)?.failures ?? 0) + 1;
    const openUntil = failures >= FAILURES_TO_OPEN ? this.clock.now().getTime() + OPEN_MS : 0;
    this.circuits.set(provider, { failures, openUntil });
    const code = error instanceof AppError ? error.code : 'internal.error';
    this.logger.warn(`Answer provider ${provider.name} failed (${code}, ${String(failures)} in a row)`);
  }
}

const isBudgetSpent = (error: unknown): boolean => error instanceof AppError && error.code === 'budget.spent';
