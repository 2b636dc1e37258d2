import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DatabaseHealth, DatabaseModule } from '@app/database';
import { copyEmbeddedTemplate } from '@app/database/testing';
import { JobQueue } from './job-queue';
import { QueueModule } from './queue.module';
import { queueOwnerStep } from './queue-owner-step';

const done: string[] = [];

@Injectable()
class Greeter implements OnApplicationBootstrap {
  constructor(readonly jobs: JobQueue) {}

  async onApplicationBootstrap(): Promise<void> {
    const greet = async ({ name = '' }): Promise<void> => {
      done.push(name);
    };
    await this.jobs.process('greetings', greet, { concurrency: 1, attempts: 1 });
  }
}

@Module({ providers: [Greeter] })
class GreeterModule {}

describe('DatabaseModule and QueueModule in an application', () => {
  it('start together, do a job, and close without leaving anything open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'customercare-test-'));
    await copyEmbeddedTemplate(join(folder, 'data'));
    const database = { url: null, ownerUrl: null, poolSize: 2 };
    const moduleRef = await Test.createTestingModule({
      imports: [
        DatabaseModule.forRoot({
          config: database,
          dataDir: join(folder, 'data'),
          secret: Buffer.alloc(32, 1),
          ownerSteps: [queueOwnerStep],
        }),
        QueueModule.forRoot(),
        GreeterModule,
      ],
    }).compile();
    await moduleRef.init();
    await moduleRef.get(JobQueue).add('greetings', { name: 'Ada' }, { id: 'ada' });
    while (done.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toEqual(['Ada']);
    const health = moduleRef.get(DatabaseHealth);
    expect(await health.isReady()).toBe(true);
    await moduleRef.close();
    expect(await health.isReady()).toBe(false);
    await rm(folder, { recursive: true, force: true });
  });
});
