import { SystemDb } from '@app/database';
import { JobQueue } from '@app/queue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { BlobSweeper } from './blob-sweeper';
import { IngestionPipeline, MAX_ATTEMPTS } from './ingestion.pipeline';
import { INGESTION_QUEUE, IngestionQueue } from './ingestion-queue';
import { RepeatedWork } from './repeated-work';

const REAP_SECONDS = 15;
const SWEEP_SECONDS = 3600;

/** Works on the queue, and looks after what fell out of it. Only in processes that are told to (`hasWorker`). */
@Injectable()
export class IngestionRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(IngestionRunner.name);
  private readonly repeated: RepeatedWork[] = [];

  constructor(
    private readonly queue: JobQueue,
    private readonly requests: IngestionQueue,
    private readonly ingestion: IngestionPipeline,
    private readonly sweeper: BlobSweeper,
    private readonly systemDb: SystemDb,
    private readonly options: DocumentsOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.hasWorker) return;
    await this.queue.process(
      INGESTION_QUEUE,
      ({ workspaceId = '', documentId = '', version = '1' }, signal) =>
        this.ingestion.run({ workspaceId, documentId, version: Number(version) }, signal),
      { concurrency: this.options.config.concurrency, attempts: MAX_ATTEMPTS },
    );
    this.every(REAP_SECONDS, () => this.reap());
    this.every(SWEEP_SECONDS, () => this.sweeper.sweep());
  }

  onModuleDestroy(): void {
    for (const work of this.repeated) work.stop();
  }

  /** Asks again for everything unfinished: after a crash, a lost job, or a queue that gave up. */
  async reap(): Promise<void> {
    for (const { place, ...job } of await this.systemDb.listUnfinishedVersions()) {
      await this.requests.enqueue(job, place);
    }
  }

  private every(seconds: number, work: () => Promise<void>): void {
    const tell = (error: unknown) =>
      this.logger.warn({ err: error }, 'Looking after documents failed; it is tried again');
    this.repeated.push(new RepeatedWork(seconds, work, tell));
  }
}
