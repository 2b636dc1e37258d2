import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Logger, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '@app/kernel';
import { type EmbeddingModel, EmbeddingProvider } from '../embedding-provider';
import { findMinilm, MINILM, MINILM_FILES } from './minilm-model';
import { NO_MODEL } from './no-embeddings';

const WORKER_FILE = join(__dirname, 'minilm.worker.cjs');
/** More threads than this gain nothing on texts of 256 tokens. */
const MAX_THREADS = 2;

type Message =
  { ready: true } | { fatal: string } | { id: number; vectors: Float32Array[] } | { id: number; error: string };

interface Pending {
  readonly resolve: (vectors: Float32Array[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * MiniLM in a worker thread of this process, started at the first call. A missing, changed or unloadable model is told
 * once in the log, and from then on the provider answers as one without a model; it never fails a caller for that.
 */
export class LocalEmbeddings extends EmbeddingProvider implements OnModuleDestroy {
  private readonly logger = new Logger(LocalEmbeddings.name);
  private readonly pending = new Map<number, Pending>();
  private usable: EmbeddingModel;
  private worker: Worker | null = null;
  private started: Promise<void> | null = null;
  private lastId = 0;
  /** A process that ends must not load the model again for whoever still asks. */
  private isEnding = false;

  /** @param folder of the model; by default the one that is installed with the product. */
  constructor(private readonly folder: string | null = findMinilm()) {
    super();
    const isComplete = folder !== null && Object.keys(MINILM_FILES).every((file) => existsSync(join(folder, file)));
    this.usable = isComplete ? MINILM : NO_MODEL;
    if (!isComplete) this.logger.warn('The embedding model is not installed: searching by words alone');
  }

  get model(): EmbeddingModel {
    return this.usable;
  }

  async embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    signal?.throwIfAborted();
    if (texts.length === 0) return [];
    if (this.isEnding) throw new AppError('provider.unavailable');
    await this.warmUp();
    const { worker } = this;
    if (this.usable.dimensions === 0 || !worker) return texts.map(() => new Float32Array(0));
    return this.ask(worker, texts, signal);
  }

  /** Starts the worker and loads the model, if that was not done. Never rejects. */
  warmUp(): Promise<void> {
    if (this.usable.dimensions === 0 || this.isEnding) return Promise.resolve();
    this.started ??= this.start();
    return this.started;
  }

  async onModuleDestroy(): Promise<void> {
    this.isEnding = true;
    const { worker } = this;
    this.worker = null;
    this.started = null;
    if (!worker) return;
    const ended = once(worker, 'exit');
    worker.postMessage({ stop: true });
    await ended;
  }

  private start(): Promise<void> {
    refuseTelemetry();
    const threads = Math.min(MAX_THREADS, availableParallelism());
    const worker = new Worker(WORKER_FILE, { workerData: { folder: this.folder, files: MINILM_FILES, threads } });
    this.worker = worker;
    return new Promise((resolve) => {
      worker.on('message', (message: Message) => {
        if ('fatal' in message) this.giveUp(message.fatal);
        if ('id' in message) this.settle(message);
        else resolve();
        if (this.pending.size === 0) worker.unref();
      });
      worker.on('error', (error) => this.giveUp(error.message));
      worker.on('exit', () => {
        this.failPending();
        if (this.worker === worker) {
          this.worker = null;
          this.started = null;
        }
        resolve();
      });
    });
  }

  private async ask(worker: Worker, texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]> {
    const id = ++this.lastId;
    const cancel = (): void => {
      worker.postMessage({ id, cancel: true });
      this.pending.get(id)?.reject(new Error('cancelled'));
      this.pending.delete(id);
      if (this.pending.size === 0) worker.unref();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await new Promise<Float32Array[]>((resolve, reject) => {
        this.pending.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, texts });
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  private settle(message: Extract<Message, { id: number }>): void {
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ('vectors' in message) pending?.resolve(message.vectors);
    else pending?.reject(new AppError('provider.unavailable', { cause: new Error(message.error) }));
  }

  private giveUp(reason: string): void {
    this.usable = NO_MODEL;
    this.logger.warn(`The embedding model could not be used: searching by words alone (${reason})`);
    void this.worker?.terminate();
  }

  private failPending(): void {
    for (const { reject } of this.pending.values()) reject(new AppError('provider.unavailable'));
    this.pending.clear();
  }
}

/**
 * The runtime's prebuilt libraries report to their maker from version 1.30 on, and keep an id of the device in the home
 * folder for it, unless this is set before they are loaded (onnxruntime, docs/Privacy.md). It is set here and not in the
 * worker: native code reads the environment of the process, and a thread only has a copy.
 */
function refuseTelemetry(): void {
  // eslint-disable-next-line no-restricted-properties -- written for a library that reads nothing else, not read
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
}
