import { JobQueue } from '@app/queue';
import { Injectable, Logger } from '@nestjs/common';

export const SOURCE_QUEUE = 'sources';

export interface SyncJob {
  readonly workspaceId: string;
  readonly sourceId: string;
  readonly runId: string;
}

/** Asks for a sync that was begun to be done. */
@Injectable()
export class SourceQueue {
  private readonly logger = new Logger(SourceQueue.name);

  constructor(private readonly queue: JobQueue) {}

  /** Never fails the caller: the run is stored, and workers ask again for what has no job. */
  async add(job: SyncJob): Promise<void> {
    try {
      await this.enqueue(job);
    } catch (error) {
      this.logger.warn({ err: error, sourceId: job.sourceId }, 'The sync could not be queued; it is tried again');
    }
  }

  /** Once while it waits or runs, however often it is asked for. */
  enqueue({ workspaceId, sourceId, runId }: SyncJob): Promise<void> {
    return this.queue.add(SOURCE_QUEUE, { workspaceId, sourceId, runId }, { id: runId });
  }
}
