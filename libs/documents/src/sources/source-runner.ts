import { JobQueue } from '@app/queue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { RepeatedWork } from '../pipeline/repeated-work';
import { SOURCE_QUEUE } from './source-queue';
import { SourceSync } from './source-sync';
import { SourceWatch } from './source-watch';

const LOOK_SECONDS = 15;
/** Syncs at the same time: they mostly wait for sites. */
const CONCURRENCY = 4;
/** With the queue's growing pauses about an hour; whoever looks for what is due asks again afterwards. */
const ATTEMPTS = 60;

/** Works on syncs, and begins those that are due. Only in processes that are told to (`hasWorker`). */
@Injectable()
export class SourceRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SourceRunner.name);
  private looking?: RepeatedWork;

  constructor(
    private readonly queue: JobQueue,
    private readonly sync: SourceSync,
    private readonly watch: SourceWatch,
    private readonly options: DocumentsOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.options.hasWorker) return;
    await this.queue.process(
      SOURCE_QUEUE,
      ({ workspaceId = '', sourceId = '', runId = '' }, signal) =>
        this.sync.run({ workspaceId, sourceId, runId }, signal),
      { concurrency: CONCURRENCY, attempts: ATTEMPTS },
    );
    this.looking = new RepeatedWork(
      LOOK_SECONDS,
      () => this.watch.look(),
      (error) => this.logger.warn({ err: error }, 'Looking for sources that are due failed; it is tried again'),
    );
  }

  onModuleDestroy(): void {
    this.looking?.stop();
  }
}
