import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { descendants, residentBytes } from './process-memory';

/** What was seen while something else went on. */
export interface Watched {
  /** Of every answer of 200, in milliseconds, longest first. */
  milliseconds: number[];
  /** What was answered instead. */
  failures: string[];
  /** Most bytes that were resident at once, by what was watched. */
  peakBytes: Record<string, number>;
  /** Every process that was started meanwhile by one that was watched. */
  children: Set<number>;
}

/** Asks in a thread of its own: what the story does meanwhile must not count as the product's time. */
const ASKING = `
  const { parentPort, workerData } = require('node:worker_threads');
  const ask = async () => {
    const startedAt = performance.now();
    const status = await fetch(workerData, { signal: AbortSignal.timeout(5000) }).then(({ status }) => status, String);
    parentPort.postMessage({ status, milliseconds: Math.round(performance.now() - startedAt) });
  };
  const timer = setInterval(ask, 100);
  parentPort.once('message', () => (clearInterval(timer), parentPort.close()));
`;

/** Asks this address ten times a second, and weighs processes as often; `stop` gives what was seen. */
export class Watch {
  private readonly seen: Watched = { milliseconds: [], failures: [], peakBytes: {}, children: new Set() };
  private readonly asking: Worker;
  private readonly weighing: NodeJS.Timeout;

  /** @param processes ids by name; each is noted alone, and all that it started together as `<name>'s children` */
  constructor(
    url: string,
    private readonly processes: Readonly<Record<string, number>>,
  ) {
    this.asking = new Worker(ASKING, { eval: true, workerData: url });
    this.asking.on('message', ({ status, milliseconds }: { status: number | string; milliseconds: number }) => {
      if (status === 200) this.seen.milliseconds.push(milliseconds);
      else this.seen.failures.push(String(status));
    });
    this.weighing = setInterval(() => this.weigh(), 100);
  }

  async stop(): Promise<Watched> {
    clearInterval(this.weighing);
    const ended = once(this.asking, 'exit');
    this.asking.postMessage('stop');
    await ended;
    this.seen.milliseconds.sort((a, b) => b - a);
    return this.seen;
  }

  private weigh(): void {
    for (const [name, pid] of Object.entries(this.processes)) {
      this.note(name, residentBytes(pid));
      const children = descendants(pid);
      for (const child of children) this.seen.children.add(child);
      const below = children.map(residentBytes);
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
