/** Lets one at a time through, first come first served. A holder keeps its place until it passes it on. */
export class Turnstile<T> {
  private holding: T | null = null;
  private readonly queue: { who: T; enter: () => void }[] = [];

  get holder(): T | null {
    return this.holding;
  }

  /** Resolves when `who` holds the place; at once when it already does. */
  async take(who: T): Promise<void> {
    if (this.holding === who) return;
    if (this.holding === null) {
      this.holding = who;
      return;
    }
    await new Promise<void>((enter) => this.queue.push({ who, enter }));
  }

  /** Hands the place to the next in the queue. Does nothing when `who` does not hold it. */
  pass(who: T): void {
    if (this.holding !== who) return;
    const next = this.queue.shift();
    this.holding = next?.who ?? null;
    next?.enter();
  }
}
