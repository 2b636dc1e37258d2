import { JobQueue } from '@app/queue';
import { Injectable } from '@nestjs/common';

export const RESCAN_QUEUE = 'document-rescans';

export interface RescanJob {
  readonly workspaceId: string;
  readonly documentId: string;
}

/** Asks for a document to be scanned again. */
@Injectable()
export class RescanQueue {
  constructor(private readonly queue: JobQueue) {}

  /** Once while it waits or runs. @throws AppError `service.unavailable`: nothing else would remember it */
  add({ workspaceId, documentId }: RescanJob): Promise<void> {
    return this.queue.add(RESCAN_QUEUE, { workspaceId, documentId }, { id: documentId });
  }
}
