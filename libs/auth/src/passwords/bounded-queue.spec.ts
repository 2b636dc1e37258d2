import { BoundedQueue } from './bounded-queue';

const LIMITS = { concurrency: 2, maxWaiting: 3, retryAfterSeconds: 5 };

/** Work that ends when the test says so. */
function openWork() {
  const started: number[] = [];
  const finish: (() => void)[] = [];
  const work = (id: number) => () =>
    new Promise<number>((resolve) => {
      started.push(id);
      finish.push(() => resolve(id));
    });
  return { started, finish, work };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('BoundedQueue', () => {
  it('runs as many as allowed at once and the others in order of arrival', async () => {
    const queue = new BoundedQueue(LIMITS);
    const { started, finish, work } = openWork();
    const results = [1, 2, 3, 4].map((id) => queue.run(work(id)));
    await settle();
    expect(started).toEqual([1, 2]);
    finish[1]?.();
    await settle();
    expect(started).toEqual([1, 2, 3]);
    finish[0]?.();
    await settle();
    finish[2]?.();
    finish[3]?.();
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
  });

  it('refuses at once what no longer fits and says when to come back', async () => {
    const queue = new BoundedQueue(LIMITS);
    const { finish, work } = openWork();
    const accepted = [1, 2, 3, 4, 5].map((id) => queue.run(work(id)));
    await expect(queue.run(work(6))).rejects.toMatchObject({
      code: 'limit.logins',
      options: { retryAfterSeconds: 5 },
    });
    for (let index = 0; index < 5; index += 1) {
      await settle();
      finish[index]?.();
    }
    expect(await Promise.all(accepted)).toEqual([1, 2, 3, 4, 5]);
  });

  it('frees the place of work that failed', async () => {
    const queue = new BoundedQueue({ ...LIMITS, concurrency: 1, maxWaiting: 1 });
    const failing = queue.run(() => Promise.reject(new Error('broken')));
    const waiting = queue.run(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('broken');
    expect(await waiting).toBe('done');
    expect(await queue.run(() => Promise.resolve('again'))).toBe('again');
  });
});
