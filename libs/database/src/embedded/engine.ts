import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createDataFolder } from './create-data-folder';

type EngineMessage =
  { type: 'ready'; serverVersion: string } | { type: 'answer'; bytes: Uint8Array } | { type: 'closed' };

/** The build copies this file beside the compiled ones. */
export const ENGINE_WORKER_FILE = join(__dirname, 'engine-worker.cjs');

interface Waiting {
  expects: EngineMessage['type'];
  resolve: (message: EngineMessage) => void;
  reject: (error: Error) => void;
}

/** The thread died or was stopped while a batch ran; the data on disk is as after a crash, which the engine recovers from. */
export class EngineStopped extends Error {
  constructor(cause?: unknown) {
    super('The embedded database engine stopped', { cause });
    this.name = 'EngineStopped';
  }
}

/**
 * PGlite (PostgreSQL compiled to WebAssembly) in a worker thread. It has exactly one session and runs one batch at a
 * time; the caller takes care that no second one is asked for meanwhile.
 */
export class Engine {
  private worker: Worker | null = null;
  private waiting: Waiting | null = null;
  private version = '';

  /** @param folder of the data; created when missing */
  constructor(private readonly folder: string) {}

  get serverVersion(): string {
    return this.version;
  }

  /** @throws EngineStopped (or what creating the folder failed with) when the folder cannot be opened */
  async start(): Promise<void> {
    await createDataFolder(ENGINE_WORKER_FILE, this.folder);
    const worker = new Worker(ENGINE_WORKER_FILE, { workerData: { task: 'serve', folder: this.folder } });
    this.worker = worker;
    worker.on('message', (message: EngineMessage) => this.settle(message));
    worker.on('error', (error) => this.lose(worker, error));
    worker.on('exit', () => this.lose(worker));
    const ready = await this.expect('ready');
    if (ready.type === 'ready') this.version = ready.serverVersion;
  }

  /**
   * Runs complete messages that end with Sync or are one simple query.
   *
   * @throws EngineStopped when the thread dies or `kill` is called meanwhile
   */
  async run(batch: Buffer): Promise<Buffer> {
    if (!this.worker) throw new EngineStopped();
    const bytes = new Uint8Array(batch); // a copy: its memory moves to the other thread
    const answer = this.expect('answer');
    this.worker.postMessage({ type: 'run', bytes }, [bytes.buffer]);
    const message = await answer;
    if (message.type !== 'answer') throw new EngineStopped();
    return Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength);
  }

  /** Stops in the middle of whatever runs, like kill -9. The batch that ran rejects. */
  async kill(): Promise<void> {
    await this.worker?.terminate(); // the exit event rejects what waits, once the thread is really gone
  }

  /** Writes everything down and ends the thread. */
  async close(): Promise<void> {
    if (!this.worker) return;
    const closed = this.expect('closed');
    this.worker.postMessage({ type: 'close' });
    await closed.catch(() => undefined); // it ended either way
    await this.kill();
  }

  private expect(expects: EngineMessage['type']): Promise<EngineMessage> {
    if (this.waiting) throw new Error('The engine runs one batch at a time');
    return new Promise((resolve, reject) => {
      this.waiting = { expects, resolve, reject };
    });
  }

  private settle(message: EngineMessage): void {
    const waiting = this.waiting;
    if (waiting?.expects !== message.type) return;
    this.waiting = null;
    waiting.resolve(message);
  }

  private lose(worker: Worker, cause?: unknown): void {
    if (this.worker !== worker) return;
    this.worker = null;
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.reject(new EngineStopped(cause));
  }
}
