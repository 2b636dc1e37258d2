import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import { findIsolationFaults } from '@app/database';
import { describeDatabases, type TestDatabase } from '@app/database/testing';
import { BullMqJobQueue } from './bullmq-job-queue';
import { queueOwnerStep } from './queue-owner-step';
import { DEFAULT_TIMINGS } from './queue-timings';
import { describeJobQueue } from './testing';

const FAST = { ...DEFAULT_TIMINGS, lockMs: 1_000, stalledCheckMs: 300, backoffMs: 20, closeMs: 1_000 };

/** Takes jobs in a process of its own and never finishes one. Plain JavaScript: Jest's transform does not reach it. */
const STUCK_WORKER = `
  const { createPostgresBackend, withBackend } = require('bullmq');
  const { Worker } = withBackend(createPostgresBackend);
  const connection = JSON.parse(process.argv[1]);
  new Worker('work', (job) => { console.log('took ' + job.id); return new Promise(() => setInterval(() => {}, 1000)); },
    { connection, concurrency: 3, lockDuration: 1000 });
`;

describeDatabases('BullMqJobQueue', (create) => {
  let test: TestDatabase;
  const opened: BullMqJobQueue[] = [];
  const open = (timings = FAST): BullMqJobQueue => {
    const queue = new BullMqJobQueue(test.database.connection, timings);
    opened.push(queue);
    return queue;
  };

  beforeAll(async () => {
    Logger.overrideLogger(false); // failures are planned here
    test = await create({ ownerSteps: [queueOwnerStep] });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
    await test.inspect('delete from queue.job');
  });
  afterAll(() => test.close());

  describeJobQueue('BullMqJobQueue', async () => new BullMqJobQueue(test.database.connection, FAST));

  it('does the jobs of a worker that was killed', async () => {
    const jobs = open();
    const ids = ['job-a', 'job-b', 'job-c'];
    for (const id of ids) await jobs.add('work', { id }, { id });
    const connection = { ...test.database.connection, schema: 'queue', max: 2 };
    const child = spawn(process.execPath, ['-e', STUCK_WORKER, JSON.stringify(connection)]);
    await hasPrinted(
      child,
      ids.map((id) => `took ${id}`),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const done: string[] = [];
    const startedAt = Date.now();
    await new Promise<void>((resolve, reject) => {
      const work = async ({ id = '' }): Promise<void> => {
        done.push(id);
        if (done.length === ids.length) resolve();
      };
      open().process('work', work, { concurrency: 1, attempts: 1 }).catch(reject);
    });
    expect(done.sort()).toEqual(ids);
    expect(Date.now() - startedAt).toBeLessThan(30_000);
  });

  it('leaves a job it could not finish to the next worker, with all its attempts', async () => {
    const first = open();
    const started = new Promise<void>((resolve) => {
      const untilTold = async (_: unknown, signal: AbortSignal): Promise<void> => {
        resolve();
        await new Promise<void>((stop) => signal.addEventListener('abort', () => stop()));
        throw new Error('stopped');
      };
      void first.process('work', untilTold, { concurrency: 1, attempts: 1 });
    });
    await first.add('work', { n: '1' }, { id: 'handed-over' });
    await started;
    await first.close();
    const taken = new Promise<unknown>((resolve) => {
      void open().process('work', async (payload) => resolve(payload), { concurrency: 1, attempts: 1 });
    });
    expect(await taken).toEqual({ n: '1' });
  });

  it('closes in time although a handler does not listen', async () => {
    const jobs = open({ ...FAST, closeMs: 200 });
    const started = new Promise<void>((resolve) => {
      const deaf = async (): Promise<void> => {
        resolve();
        await new Promise((finish) => setTimeout(finish, 3_000));
      };
      void jobs.process('work', deaf, { concurrency: 1, attempts: 1 });
    });
    await jobs.add('work', {}, { id: 'deaf' });
    await started;
    const closingAt = Date.now();
    await jobs.close();
    expect(Date.now() - closingAt).toBeLessThan(2_500);
  });

  it('keeps nothing of finished jobs', async () => {
    const jobs = open();
    await new Promise<void>((resolve) => {
      void jobs.process('work', async () => resolve(), { concurrency: 1, attempts: 1 });
      void jobs.add('work', {}, { id: 'finished' });
    });
    await jobs.close();
    expect(await test.inspect('select id from queue.job')).toEqual([]);
  });

  it('A40 H16 says when the database is away, also at its first job, and takes the next one when it is back', async () => {
    const { connection } = test.database;
    const nobody = { connectionString: 'postgres://127.0.0.1:1/nobody' };
    const current = { ...nobody };
    const jobs = new BullMqJobQueue(current, FAST);
    opened.push(jobs);
    const add = () => jobs.add('work', {}, { id: 'job-of-then' });
    for (const _ of [1, 2]) await expect(add()).rejects.toMatchObject({ code: 'service.unavailable' });
    Object.assign(current, { connectionString: undefined }, connection);
    await add();
    expect(await test.inspect('select id from queue.job')).toHaveLength(1);
  });

  it('gives the application the use of the schema and nothing more', async () => {
    expect(await findIsolationFaults(test.database)).toEqual([]);
    const refused = [
      'create table queue.mine (a int)',
      'alter table queue.job add column mine int',
      'truncate queue.job',
      'drop table queue.job cascade',
      'insert into queue.migration (version, name, min_client_version) values (99, $$x$$, 99)',
    ];
    for (const sql of refused) {
      await expect(test.dataSource.query(sql).then(() => sql)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

async function hasPrinted(child: ChildProcess, lines: string[]): Promise<void> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const deadline = Date.now() + 20_000;
  while (!lines.every((line) => output.includes(line))) {
    if (Date.now() > deadline) throw new Error(`The child printed only: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
