import { JobQueue } from '@app/queue';
import { Injectable, Logger } from '@nestjs/common';

export const INGESTION_QUEUE = 'documents';

export interface IngestionJob {
  readonly workspaceId: string;
  readonly documentId: string;
}

/** Asks for work on a document. */
@Injectable()
export class IngestionQueue {
  private readonly logger = new Logger(IngestionQueue.name);

  constructor(private readonly queue: JobQueue) {}

  /** Never fails the caller: the document is stored, and the reaper asks again for what has no job. */
  async add(document: { workspaceId: string; id: string }): Promise<void> {
    try {
      await this.enqueue({ workspaceId: document.workspaceId, documentId: document.id });
    } catch (error) {
      this.logger.warn({ err: error, documentId: document.id }, 'The job could not be queued; the reaper will do it');
    }
  }

  /** Once while it waits or runs, however often it is asked for. */
  enqueue({ workspaceId, documentId }: IngestionJob): Promise<void> {
    return this.queue.add(INGESTION_QUEUE, { workspaceId, documentId }, { id: documentId });
  }
}
