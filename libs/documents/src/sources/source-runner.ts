import { JobQueue } from '@app/queue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { SOURCE_QUEUE } from './source-queue';
import { SourceSync } from './source-sync';
import { SourceWatch } from './source-watch';

const LOOK_EVERY_MS = 15_000;
/** Syncs at the same time: they mostly wait for sites. */
const CONCURRENCY = 4;
/** With the queue's growing pauses about an hour; whoever looks for what is due asks again afterwards. */
const ATTEMPTS = 60;

/** Works on syncs, and begins those that are due. Only in processes that are told to (`hasWorker`). */
@Injectable()
export class SourceRunner implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SourceRunner.name);
  private timer: NodeJS.Timeout | undefined;

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
    const look = (): void =>
      void this.watch
        .look()
        .catch((error: unknown) =>
          this.logger.warn({ err: error }, 'Looking for sources that are due failed; it is tried again'),
        );
    look();
    this.timer = setInterval(look, LOOK_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
