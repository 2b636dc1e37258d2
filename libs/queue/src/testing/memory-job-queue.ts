import { type AddOptions, type JobHandler, type JobPayload, JobQueue, type ProcessOptions } from '../job-queue';

interface MemoryJob {
  id: string;
  payload: JobPayload;
  priority: number;
  attemptsMade: number;
}

interface MemoryWorker extends ProcessOptions {
  handler: JobHandler;
}

interface MemoryLane {
  waiting: MemoryJob[];
  /** Ids that wait or run. */
  taken: Set<string>;
  running: Set<Promise<void>>;
  worker: MemoryWorker | null;
}

/** Jobs in memory, for tests: the same promises but for surviving the process. Retries follow at once. */
export class MemoryJobQueue extends JobQueue {
  private readonly lanes = new Map<string, MemoryLane>();
  private readonly shutdown = new AbortController();

  add(queue: string, payload: JobPayload, { id, priority = 0 }: AddOptions): Promise<void> {
    const lane = this.lane(queue);
    if (!lane.taken.has(id)) {
      lane.taken.add(id);
      enqueue(lane, { id, payload: { ...payload }, priority, attemptsMade: 0 });
      this.advance(lane);
    }
    return Promise.resolve();
  }

  process(queue: string, handler: JobHandler, options: ProcessOptions): Promise<void> {
    const lane = this.lane(queue);
    if (lane.worker) return Promise.reject(new Error(`This process already works on the queue ${queue}`));
    lane.worker = { handler, ...options };
    this.advance(lane);
    return Promise.resolve();
  }

  /** Resolves when nothing waits or runs any more. */
  async whenIdle(): Promise<void> {
    for (let running = this.running(); running.length > 0; running = this.running()) await Promise.all(running);
  }

  async close(): Promise<void> {
    this.shutdown.abort();
    await Promise.all(this.running());
  }

  private advance(lane: MemoryLane): void {
    const { worker } = lane;
    while (worker && !this.shutdown.signal.aborted && lane.running.size < worker.concurrency) {
      const job = lane.waiting.shift();
      if (!job) return;
      const work: Promise<void> = this.run(lane, worker, job).finally(() => {
        lane.running.delete(work);
        this.advance(lane);
      });
      lane.running.add(work);
    }
  }

  private async run(lane: MemoryLane, { handler, attempts }: MemoryWorker, job: MemoryJob): Promise<void> {
    try {
      await handler(job.payload, this.shutdown.signal);
      lane.taken.delete(job.id);
    } catch {
      job.attemptsMade += this.shutdown.signal.aborted ? 0 : 1;
      if (job.attemptsMade < attempts) enqueue(lane, job);
      else lane.taken.delete(job.id);
    }
  }

  private running(): Promise<void>[] {
    return [...this.lanes.values()].flatMap((lane) => [...lane.running]);
  }

  private lane(queue: string): MemoryLane {
    const lane = this.lanes.get(queue) ?? { waiting: [], taken: new Set(), running: new Set(), worker: null };
    this.lanes.set(queue, lane);
    return lane;
  }
}

/** Behind everything that is as urgent. */
function enqueue({ waiting }: MemoryLane, job: MemoryJob): void {
  const later = waiting.findIndex(({ priority }) => priority > job.priority);
  waiting.splice(later < 0 ? waiting.length : later, 0, job);
}
