import { type BeforeApplicationShutdown, type DynamicModule, Global, Module } from '@nestjs/common';
import { Database } from '@app/database';
import { BullMqJobQueue } from './bullmq-job-queue';
import { JobQueue } from './job-queue';

/** Provides the `JobQueue` on the application's database. It stops before the database closes. */
@Global()
@Module({})
export class QueueModule implements BeforeApplicationShutdown {
  constructor(private readonly queue: JobQueue) {}

  static forRoot(): DynamicModule {
    return {
      module: QueueModule,
      providers: [
        {
          provide: JobQueue,
          inject: [Database],
          useFactory: ({ connection }: Database) => new BullMqJobQueue(connection),
        },
      ],
      exports: [JobQueue],
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}
