import { JobQueue } from '@app/queue';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { Rescan } from './rescan.service';
import { RESCAN_QUEUE } from './rescan-queue';

/** With the queue's growing pauses about an hour: an engine that is away longer has to be asked again. */
const ATTEMPTS = 60;

/** Works on the rescans, in processes that are told to (`hasWorker`). */
@Injectable()
export class RescanRunner implements OnApplicationBootstrap {
  constructor(
    private readonly queue: JobQueue,
    private readonly rescan: Rescan,
    private readonly options: DocumentsOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.hasWorker) return;
    await this.queue.process(
      RESCAN_QUEUE,
      ({ workspaceId = '', documentId = '' }, signal) => this.rescan.run({ workspaceId, documentId }, signal),
      { concurrency: 1, attempts: ATTEMPTS },
    );
  }
}
