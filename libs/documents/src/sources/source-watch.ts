import { SystemDb } from '@app/database';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { SourceQueue } from './source-queue';
import { SyncStarter } from './sync-starter';

/** Sources that are begun at one look. */
const MAX_DUE = 100;

/** Finds what has to be read now, in all workspaces. */
@Injectable()
export class SourceWatch {
  constructor(
    private readonly systemDb: SystemDb,
    private readonly queue: SourceQueue,
    private readonly starter: SyncStarter,
    private readonly clock: Clock,
  ) {}

  /** Asks again for syncs that have no job (a crash, a queue that gave up), and begins what is due. Any number may look. */
  async look(): Promise<void> {
    for (const job of await this.systemDb.listRunningSyncs()) await this.queue.enqueue(job);
    for (const due of await this.systemDb.listDueSources(this.clock.now(), MAX_DUE)) await this.starter.startDue(due);
  }
}
