import { descendants, residentBytes } from './process-memory';

/** What was seen while something else went on. */
export interface Watched {
  /** Milliseconds of the slowest answer, and what was answered instead of 200. */
  slowestMs: number;
  failures: string[];
  asked: number;
  /** Most bytes that were resident at once, by what was watched. */
  peakBytes: Record<string, number>;
}

/** Asks this address ten times a second, each time with patience for five seconds; `stop` gives what was seen. */
export class Watch {
  private readonly seen: Watched = { slowestMs: 0, failures: [], asked: 0, peakBytes: {} };
  private readonly pending: Promise<void>[] = [];
  private readonly timer: NodeJS.Timeout;

  /** @param processes ids by name; each is noted alone, and all that it started together as `<name>'s children` */
  constructor(
    private readonly url: string,
    private readonly processes: Readonly<Record<string, number>>,
  ) {
    this.timer = setInterval(() => {
      this.pending.push(this.ask());
      this.weigh();
    }, 100);
  }

  async stop(): Promise<Watched> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
    return this.seen;
  }

  private async ask(): Promise<void> {
    const startedAt = performance.now();
    const status = await fetch(this.url, { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => answer.status,
      (error: unknown) => String(error),
    );
    this.seen.asked++;
    if (status !== 200) this.seen.failures.push(String(status));
    this.seen.slowestMs = Math.max(this.seen.slowestMs, Math.round(performance.now() - startedAt));
  }

  private weigh(): void {
    for (const [name, pid] of Object.entries(this.processes)) {
      this.note(name, residentBytes(pid));
      const below = descendants(pid).map(residentBytes);
      this.note(
        `${name}'s children`,
        below.reduce((sum, bytes) => sum + bytes, 0),
      );
    }
  }

  private note(name: string, bytes: number): void {
    this.seen.peakBytes[name] = Math.max(this.seen.peakBytes[name] ?? 0, bytes);
  }
}
