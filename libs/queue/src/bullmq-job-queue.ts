import { createPostgresBackend, type Job, UnrecoverableError, WaitingError, withBackend } from 'bullmq';
import { Logger } from '@nestjs/common';
import { type DatabaseConnection, serviceFailure } from '@app/database';
import { type AddOptions, type JobHandler, type JobPayload, JobQueue, type ProcessOptions } from './job-queue';
import { QUEUE_SCHEMA } from './queue-owner-step';
import { DEFAULT_TIMINGS, type QueueTimings } from './queue-timings';

const { Queue, Worker } = withBackend(createPostgresBackend);
type Producer = InstanceType<typeof Queue<JobPayload>>;
type Consumer = InstanceType<typeof Worker<JobPayload>>;

/** The worker decides about attempts (`ProcessOptions`), so what adds a job sets no limit that matters. */
const UNLIMITED_ATTEMPTS = 1_000_000;
/** BullMQ's largest. */
const MAX_PRIORITY = 2_097_151;
/** How often a job may take its process down with it before it is dropped. */
const MAX_CRASHES = 5;
/**
 * Each queue has a pool of its own, and each worker one more connection that listens; BullMQ holds none while it waits for
 * another. With many queues a second one would use up the server's connections.
 */
const POOL_SIZE = 1;
/** As for the application's own pool. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Jobs in PostgreSQL, embedded or not, through BullMQ: at least once, retried with growing pauses, freed after a kill. */
export class BullMqJobQueue extends JobQueue {
  private readonly logger = new Logger(BullMqJobQueue.name);
  private readonly producers = new Map<string, Promise<Producer>>();
  private readonly consumers = new Map<string, Consumer>();
  private readonly running = new Set<Promise<void>>();
  private isClosing = false;

  /** @param connection signs in as the application */
  constructor(
    private readonly connection: DatabaseConnection,
    private readonly timings: QueueTimings = DEFAULT_TIMINGS,
  ) {
    super();
  }

  async add(queue: string, payload: JobPayload, { id, priority }: AddOptions): Promise<void> {
    try {
      const producer = await this.producer(queue);
      await producer.add(queue, payload, {
        jobId: id,
        ...(priority !== undefined && { priority: Math.min(priority, MAX_PRIORITY) }),
        attempts: UNLIMITED_ATTEMPTS,
        backoff: { type: 'custom' },
        // A finished job would keep its id taken.
        removeOnComplete: true,
        removeOnFail: true,
      });
    } catch (error) {
      throw serviceFailure(error) ?? error;
    }
  }

  async process(queue: string, handler: JobHandler, { concurrency, attempts }: ProcessOptions): Promise<void> {
    if (this.consumers.has(queue)) throw new Error(`This process already works on the queue ${queue}`);
    const { lockMs, stalledCheckMs } = this.timings;
    const run = (job: Job<JobPayload>, token?: string, signal?: AbortSignal): Promise<void> =>
      this.track(this.run(job, { handler, attempts, token, signal: signal ?? new AbortController().signal }));
    const worker: Consumer = new Worker<JobPayload>(queue, run, {
      connection: this.pool(),
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      maxStalledCount: MAX_CRASHES,
      settings: { backoffStrategy: (attemptsMade = 1) => this.backoff(attemptsMade) },
    });
    worker.on('error', (error) => this.report(queue, error));
    this.consumers.set(queue, worker);
    await worker.waitUntilReady();
  }

  async close(): Promise<void> {
    this.isClosing = true;
    const workers = [...this.consumers.values()];
    await Promise.all(workers.map((worker) => worker.pause(true)));
    workers.forEach((worker) => worker.cancelAllJobs('shutting down'));
    const isIdle = await this.settles();
    // Unless everything has stopped, closing must not wait: the locks run out and another process takes over.
    await Promise.all(workers.map((worker) => worker.close(!isIdle)));
    await Promise.allSettled([...this.producers.values()].map(async (producer) => (await producer).close()));
  }

  private async run(
    job: Job<JobPayload>,
    {
      handler,
      attempts,
      token,
      signal,
    }: { handler: JobHandler; attempts: number; token?: string; signal: AbortSignal },
  ): Promise<void> {
    try {
      await handler(job.data, signal);
    } catch (error) {
      if (this.isClosing) {
        await job.moveToWait(token);
        throw new WaitingError('shutting down');
      }
      this.logger.warn(
        { err: error, queue: job.queueName, jobId: job.id, attempt: job.attemptsMade + 1 },
        'A job failed',
      );
      if (job.attemptsMade + 1 < attempts) throw error;
      throw new UnrecoverableError('no attempts left');
    }
  }

  private async track(work: Promise<void>): Promise<void> {
    this.running.add(work);
    try {
      await work;
    } finally {
      this.running.delete(work);
    }
  }

  /** Whether everything that ran has ended in time. */
  private async settles(): Promise<boolean> {
    const ended = Promise.allSettled([...this.running]).then(() => true);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), this.timings.closeMs);
    });
    return Promise.race([ended, late]).finally(() => clearTimeout(timer));
  }

  private producer(queue: string): Promise<Producer> {
    const known = this.producers.get(queue);
    if (known) return known;
    const opening = this.openProducer(queue);
    this.producers.set(queue, opening);
    // BullMQ remembers a first connection that failed, and would fail for ever.
    opening.catch(() => this.producers.delete(queue));
    return opening;
  }

  private async openProducer(queue: string): Promise<Producer> {
    const producer: Producer = new Queue<JobPayload>(queue, { connection: this.pool() });
    producer.on('error', (error) => this.report(queue, error));
    try {
      await producer.waitUntilReady();
      return producer;
    } catch (error) {
      await producer.close().catch(() => undefined);
      throw error;
    }
  }

  private pool() {
    return {
      ...this.connection,
      schema: QUEUE_SCHEMA,
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'customercare-queue',
    };
  }

  private backoff(attemptsMade: number): number {
    return Math.min(this.timings.backoffMs * 2 ** (attemptsMade - 1), this.timings.maxBackoffMs);
  }

  private report(queue: string, error: Error): void {
    if (!this.isClosing) this.logger.warn({ err: error, queue }, 'The job queue has trouble with its database');
  }
}
