import type { JobPayload, JobQueue } from '../job-queue';

/** Longer than any implementation needs to start a job that is already there. */
const GRACE_MS = 300;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A promise and what settles it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** What every `JobQueue` promises. `create` makes an empty one; each test closes its own. */
export function describeJobQueue(name: string, create: () => Promise<JobQueue>): void {
  describe(`${name} as a job queue`, () => {
    let jobs: JobQueue;
    const once = { concurrency: 1, attempts: 1 };

    beforeEach(async () => {
      jobs = await create();
    });
    afterEach(() => jobs.close());

    /** Collects what handlers get, and waits until there are enough. */
    const recorder = () => {
      const seen: JobPayload[] = [];
      const waiting: { count: number; open: () => void }[] = [];
      return {
        seen,
        record: (payload: JobPayload): void => {
          seen.push(payload);
          waiting.filter(({ count }) => seen.length >= count).forEach(({ open }) => open());
        },
        reaches: async (count: number): Promise<void> => {
          const { opened, open } = gate();
          waiting.push({ count, open });
          if (seen.length >= count) open();
          await opened;
        },
      };
    };

    it('does a job that was added before anybody worked on the queue, and one added after', async () => {
      const { seen, record, reaches } = recorder();
      await jobs.add('work', { name: 'before' }, { id: 'job-a' });
      await jobs.process('work', async (payload) => record(payload), once);
      await reaches(1);
      await jobs.add('work', { name: 'after' }, { id: 'job-b' });
      await reaches(2);
      expect(seen).toEqual([{ name: 'before' }, { name: 'after' }]);
    });

    it('does a job once however often it is added while it waits', async () => {
      const { seen, record, reaches } = recorder();
      await Promise.all([1, 2, 3].map(() => jobs.add('work', { n: '1' }, { id: 'same' })));
      await jobs.add('work', { n: '2' }, { id: 'last' });
      await jobs.process('work', async (payload) => record(payload), once);
      await reaches(2);
      await pause(GRACE_MS);
      expect(seen).toEqual([{ n: '1' }, { n: '2' }]);
    });

    it('does the more urgent first, and the rest in the order of arrival', async () => {
      const { seen, record, reaches } = recorder();
      const arrivals: [string, number | undefined][] = [
        ['third', 2],
        ['fourth', 2],
        ['last', 7],
        ['second', 1],
        ['first', undefined],
      ];
      for (const [name, priority] of arrivals) await jobs.add('work', { name }, { id: name, priority });
      await jobs.process('work', async (payload) => record(payload), once);
      await reaches(arrivals.length);
      expect(seen.map(({ name }) => name)).toEqual(['first', 'second', 'third', 'fourth', 'last']);
    });

    it('adds no second job while the first one runs', async () => {
      const { seen, record, reaches } = recorder();
      const { opened, open } = gate();
      const work = async (payload: JobPayload): Promise<void> => {
        record(payload);
        if (payload['n'] === '1') await opened;
      };
      await jobs.process('work', work, { concurrency: 2, attempts: 1 });
      await jobs.add('work', { n: '1' }, { id: 'same' });
      await reaches(1);
      await jobs.add('work', { n: 'second' }, { id: 'same' });
      await pause(GRACE_MS);
      open();
      await jobs.add('work', { n: 'other' }, { id: 'other' });
      await reaches(2);
      expect(seen).toEqual([{ n: '1' }, { n: 'other' }]);
    });

    it('does a job again that is added again after it was done', async () => {
      const { seen, record, reaches } = recorder();
      await jobs.process('work', async (payload) => record(payload), once);
      await jobs.add('work', { n: '1' }, { id: 'same' });
      await reaches(1);
      await pause(GRACE_MS); // until the first one is off the books
      await jobs.add('work', { n: '2' }, { id: 'same' });
      await reaches(2);
      expect(seen).toEqual([{ n: '1' }, { n: '2' }]);
    });

    it('tries a failing job as often as it was told, drops it, and takes it again', async () => {
      const { seen, record, reaches } = recorder();
      const fail = async (payload: JobPayload): Promise<void> => {
        record(payload);
        throw new Error('planned');
      };
      await jobs.process('work', fail, { concurrency: 1, attempts: 3 });
      await jobs.add('work', { n: '1' }, { id: 'same' });
      await reaches(3);
      await pause(GRACE_MS);
      expect(seen).toHaveLength(3);
      await jobs.add('work', { n: '2' }, { id: 'same' });
      await reaches(6);
      expect(seen.slice(3)).toEqual([{ n: '2' }, { n: '2' }, { n: '2' }]);
    });

    it('goes on after a failure and keeps what a later attempt achieves', async () => {
      const { seen, record, reaches } = recorder();
      let failures = 1;
      const flaky = async (payload: JobPayload): Promise<void> => {
        record(payload);
        failures -= 1;
        if (failures >= 0) throw new Error('planned');
      };
      await jobs.process('work', flaky, { concurrency: 1, attempts: 5 });
      await jobs.add('work', { n: '1' }, { id: 'flaky' });
      await reaches(2);
      await pause(GRACE_MS);
      expect(seen).toHaveLength(2);
    });

    it('runs as many jobs at a time as it was told, and no more', async () => {
      const { opened, open } = gate();
      const { record, reaches } = recorder();
      let running = 0;
      let most = 0;
      const work = async (payload: JobPayload): Promise<void> => {
        running += 1;
        most = Math.max(most, running);
        record(payload);
        await opened;
        running -= 1;
      };
      await jobs.process('work', work, { concurrency: 2, attempts: 1 });
      for (const id of ['job-a', 'job-b', 'job-c', 'job-d']) await jobs.add('work', {}, { id });
      await reaches(2);
      await pause(GRACE_MS);
      expect(running).toBe(2);
      open();
      await reaches(4);
      expect(most).toBe(2);
    });

    it('keeps queues apart', async () => {
      const [left, right] = [recorder(), recorder()];
      await jobs.process('left', async (payload) => left.record(payload), once);
      await jobs.process('right', async (payload) => right.record(payload), once);
      await jobs.add('left', { side: 'left' }, { id: 'same' });
      await jobs.add('right', { side: 'right' }, { id: 'same' });
      await Promise.all([left.reaches(1), right.reaches(1)]);
      expect([left.seen, right.seen]).toEqual([[{ side: 'left' }], [{ side: 'right' }]]);
    });

    it('tells what runs to stop when it closes, and waits for it', async () => {
      const { record, reaches } = recorder();
      let hasStopped = false;
      const untilTold = async (payload: JobPayload, signal: AbortSignal): Promise<void> => {
        record(payload);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        hasStopped = true;
        throw new Error('stopped');
      };
      await jobs.process('work', untilTold, once);
      await jobs.add('work', {}, { id: 'long' });
      await reaches(1);
      await jobs.close();
      expect(hasStopped).toBe(true);
    });
  });
}
