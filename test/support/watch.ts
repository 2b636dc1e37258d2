import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { descendants, residentBytes } from './process-memory';

/** What was seen while something else went on. */
export interface Watched {
  /** Of every answer of 200, in milliseconds. */
  milliseconds: number[];
  /** The same of a server that does nothing, asked in the same moments: what this machine itself costs. */
  idleMilliseconds: number[];
  /** What was answered instead. */
  failures: string[];
  /** Most bytes that were resident at once, by what was watched. */
  peakBytes: Record<string, number>;
  /** Every process that was started meanwhile by one that was watched. */
  children: Set<number>;
}

/** The api's `/healthz` while files are read (product goal), beside what an idle server needs at the same time. */
export const MAX_LATENESS_MS = 500;

/** How much longer the slowest answer took than the idle server's slowest, in milliseconds. */
export const lateness = ({ milliseconds, idleMilliseconds }: Watched): number =>
  Math.max(...milliseconds) - Math.max(...idleMilliseconds);

/** What the thread tells of each asking; times in milliseconds. */
interface Answered {
  readonly status: number | string;
  readonly asked: number;
  readonly idle: number;
}

/**
 * Asks in a thread of its own, because what the story does meanwhile must not count as the product's time, and asks an idle
 * server in the same moment, because neither must what else this machine does.
 */
const ASKING = `
  const { parentPort, workerData } = require('node:worker_threads');
  const time = async (url) => {
    const startedAt = performance.now();
    const status = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(({ status }) => status, String);
    return { status, milliseconds: performance.now() - startedAt };
  };
  const ask = async () => {
    const [asked, idle] = await Promise.all(workerData.map(time));
    parentPort.postMessage({ status: asked.status, asked: asked.milliseconds, idle: idle.milliseconds });
  };
  const timer = setInterval(ask, 100);
  parentPort.once('message', () => (clearInterval(timer), parentPort.close()));
`;
const IDLE = `
  const server = require('node:http').createServer((request, response) => response.end());
  server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));
`;

/** Asks this address ten times a second, and weighs processes as often; `stop` gives what was seen. */
export class Watch {
  private readonly seen: Watched = {
    milliseconds: [],
    idleMilliseconds: [],
    failures: [],
    peakBytes: {},
    children: new Set(),
  };
  private readonly asking: Worker;
  private stopping: Promise<Watched> | null = null;
  private readonly weighing: NodeJS.Timeout;

  private constructor(
    url: string,
    private readonly processes: Readonly<Record<string, number>>,
    private readonly idle: { server: ChildProcess; url: string },
  ) {
    this.asking = new Worker(ASKING, { eval: true, workerData: [url, idle.url] });
    this.asking.on('message', ({ status, asked, idle: idling }: Answered) => {
      this.seen.idleMilliseconds.push(idling);
      if (status === 200) this.seen.milliseconds.push(asked);
      else this.seen.failures.push(String(status));
    });
    this.weighing = setInterval(() => this.weigh(), 100);
  }

  /** @param processes ids by name; each is noted alone, and all that it started together as `<name>'s children` */
  static async start(url: string, processes: Readonly<Record<string, number>>): Promise<Watch> {
    const server = spawn(process.execPath, ['-e', IDLE], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(server.stdout, 'data')) as [Buffer]; // a stream without an encoding
    return new Watch(url, processes, { server, url: line.toString().trim() });
  }

  stop(): Promise<Watched> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<Watched> {
    clearInterval(this.weighing);
    const ended = once(this.asking, 'exit');
    this.asking.postMessage('stop');
    await ended;
    this.idle.server.kill();
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
