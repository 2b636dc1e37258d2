import type { Tx } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { JobQueue } from '@app/queue';
import { Injectable, Logger } from '@nestjs/common';

export const INGESTION_QUEUE = 'documents';

export interface IngestionJob {
  readonly workspaceId: string;
  readonly documentId: string;
  readonly version: number;
}

/**
 * Asks for work on a version of a document. Workspaces take turns: the n-th waiting one of each workspace goes before the
 * n+1-th of any, so one that uploads a thousand files does not hold up another that uploads one.
 */
@Injectable()
export class IngestionQueue {
  private readonly logger = new Logger(IngestionQueue.name);

  constructor(private readonly queue: JobQueue) {}

  /**
   * Never fails the caller: the version is stored, and the reaper asks again for what has no job.
   * @param place as `placeInLine` told
   */
  async add(job: IngestionJob, place: number): Promise<void> {
    try {
      await this.enqueue(job, place);
    } catch (error) {
      const { documentId } = job;
      this.logger.warn({ err: error, documentId }, 'The job could not be queued; the reaper will do it');
    }
  }

  /** Once while it waits or runs, however often it is asked for. */
  enqueue({ workspaceId, documentId, version }: IngestionJob, place: number): Promise<void> {
    const payload = { workspaceId, documentId, version: String(version) };
    return this.queue.add(INGESTION_QUEUE, payload, { id: `${documentId}-${version}`, priority: place });
  }
}

/** How many versions of the workspace wait or are worked on, with those of this transaction. */
export async function placeInLine(tx: Tx, { workspaceId }: WorkspaceContext): Promise<number> {
  const [row] = await tx.query<{ place: number }[]>(
    // The words of the index of unfinished versions, literally: with a parameter it could not be used.
    `select count(*)::int as place from document_versions
     where workspace_id = $1 and status not in ('indexed', 'quarantined', 'failed')`,
    [workspaceId],
  );
  return Math.max(1, row?.place ?? 1);
}
