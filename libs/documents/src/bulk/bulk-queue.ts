import { JobQueue } from '@app/queue';
import { Injectable, Logger } from '@nestjs/common';

export const BULK_QUEUE = 'bulk-uploads';

export interface BulkJob {
  readonly workspaceId: string;
  readonly bulkUploadId: string;
}

/** Asks for an archive to be unpacked. Workspaces take turns, as in `IngestionQueue`. */
@Injectable()
export class BulkQueue {
  private readonly logger = new Logger(BulkQueue.name);

  constructor(private readonly queue: JobQueue) {}

  /**
   * Never fails the caller: the archive is stored, and the reaper asks again for what has no job.
   * @param place among the open archives of its workspace, from 1
   */
  async add(job: BulkJob, place: number): Promise<void> {
    try {
      await this.enqueue(job, place);
    } catch (error) {
      const { bulkUploadId } = job;
      this.logger.warn({ err: error, bulkUploadId }, 'The job could not be queued; the reaper will do it');
    }
  }

  /** Once while it waits or runs, however often it is asked for. */
  enqueue({ workspaceId, bulkUploadId }: BulkJob, place: number): Promise<void> {
    return this.queue.add(BULK_QUEUE, { workspaceId, bulkUploadId }, { id: bulkUploadId, priority: place });
  }
}
