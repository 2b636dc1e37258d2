import { SystemDb } from '@app/database';
import { JobQueue } from '@app/queue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { RepeatedWork } from '../pipeline/repeated-work';
import { BULK_QUEUE, BulkQueue } from './bulk-queue';
import { BulkUnpacker, MAX_ATTEMPTS } from './bulk-unpacker';

const REAP_SECONDS = 15;
/** Two, so that one workspace's two thousand files are not all before another's three; each holds one archive in memory. */
const CONCURRENCY = 2;

/** Unpacks archives, and looks after those that have lost their job. Only in processes that are told to (`hasWorker`). */
@Injectable()
export class BulkRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(BulkRunner.name);
  private reaping?: RepeatedWork;

  constructor(
    private readonly queue: JobQueue,
    private readonly requests: BulkQueue,
    private readonly unpacker: BulkUnpacker,
    private readonly systemDb: SystemDb,
    private readonly options: DocumentsOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.hasWorker) return;
    await this.queue.process(
      BULK_QUEUE,
      ({ workspaceId = '', bulkUploadId = '' }, signal) => this.unpacker.run({ workspaceId, bulkUploadId }, signal),
      { concurrency: CONCURRENCY, attempts: MAX_ATTEMPTS },
    );
    this.reaping = new RepeatedWork(
      REAP_SECONDS,
      () => this.reap(),
      (error) => this.logger.warn({ err: error }, 'Looking after archives failed; it is tried again'),
    );
  }

  onModuleDestroy(): void {
    this.reaping?.stop();
  }

  /** Asks again for everything unfinished. */
  private async reap(): Promise<void> {
    for (const { place, ...job } of await this.systemDb.listUnfinishedBulkUploads()) {
      await this.requests.enqueue(job, place);
    }
  }
}
