const PRUNED_ABOVE = 1_000;

/**
 * One request at a time to a host, and a pause after each, over all crawls of the process. Whoever waits for a turn stops
 * waiting when its signal ends.
 */
export class HostTurns {
  /** The end of the last turn that was given out, by host. */
  private readonly lastTurns = new Map<string, Promise<void>>();
  /** By `performance.now()`. */
  private readonly restsUntil = new Map<string, number>();

  async take<T>(host: string, pauseMs: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.lastTurns.get(host) ?? Promise.resolve();
    let finish = (): void => undefined;
    const own = new Promise<void>((resolve) => (finish = resolve));
    const turn = before.then(() => own);
    this.lastTurns.set(host, turn);
    void turn.then(() => this.lastTurns.get(host) === turn && this.lastTurns.delete(host));
    try {
      await untilAborted(before, signal);
      await this.rest(host, signal);
      try {
        return await work();
      } finally {
        this.pause(host, pauseMs);
      }
    } finally {
      finish();
    }
  }

  /** Nobody asks this host before the time is over; a longer pause stays. */
  pause(host: string, ms: number): void {
    const now = performance.now();
    if (this.restsUntil.size > PRUNED_ABOVE) {
      for (const [known, end] of this.restsUntil) if (end < now) this.restsUntil.delete(known);
    }
    this.restsUntil.set(host, Math.max(now + ms, this.restsUntil.get(host) ?? 0));
  }

  private async rest(host: string, signal: AbortSignal | undefined): Promise<void> {
    const ms = (this.restsUntil.get(host) ?? 0) - performance.now();
    if (ms <= 0) return;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await untilAborted(over, signal).finally(() => clearTimeout(timer));
  }
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (!signal) return promise;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
