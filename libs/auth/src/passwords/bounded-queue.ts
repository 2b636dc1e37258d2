import { AppError } from '@app/kernel';

/**
 * Runs at most `concurrency` pieces of work at a time and lets at most `maxWaiting` wait for their turn, first come,
 * first served. What comes on top is refused at once, so a flood costs a refusal and not memory and minutes.
 */
export class BoundedQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limits: { concurrency: number; maxWaiting: number; retryAfterSeconds: number }) {}

  /** @throws AppError `limit.logins` when the queue is full; else settles as `work` does */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.running < this.limits.concurrency) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.limits.maxWaiting) {
      throw new AppError('limit.logins', { retryAfterSeconds: this.limits.retryAfterSeconds });
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place over to the next in line, or gives it up. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
