import { HostTurns } from './host-turns';

describe('Turns at a host', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const none = undefined;
  const after = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

  it('are one at a time in order, with a pause after each, and other hosts do not wait', async () => {
    const turns = new HostTurns();
    const events: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      events.push(`${name} ${performance.now() - startedAt}`);
      await after(10);
    };
    const startedAt = performance.now();
    const all = Promise.all([
      turns.take('a', 100, none, work('first')),
      turns.take('a', 50, none, work('second')),
      turns.take('b', 100, none, work('other')),
      turns.take('a', 0, none, work('third')),
    ]);
    await jest.advanceTimersByTimeAsync(1_000);
    await all;
    expect(events).toEqual(['first 0', 'other 0', 'second 110', 'third 170']);
  });

  it('go on after work that failed', async () => {
    const turns = new HostTurns();
    await expect(turns.take('a', 0, none, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(turns.take('a', 0, none, async () => 1)).resolves.toBe(1);
  });

  it('are not waited for after the signal, and nobody gets two because of it', async () => {
    const turns = new HostTurns();
    const stop = new AbortController();
    let isBusy = false;
    const alone = async (): Promise<void> => {
      expect(isBusy).toBe(false);
      isBusy = true;
      await after(100);
      isBusy = false;
    };
    const first = turns.take('a', 0, none, alone);
    const waiting = turns.take('a', 0, stop.signal, alone);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    const last = turns.take('a', 0, none, alone);
    await jest.advanceTimersByTimeAsync(300);
    await Promise.all([first, last]);
    await expect(turns.take('a', 0, stop.signal, alone)).rejects.toBe(reason);
  });

  it('are kept waiting by a longer pause, which the signal ends too', async () => {
    const turns = new HostTurns();
    turns.pause('a', 1_000);
    turns.pause('a', 10);
    const stop = new AbortController();
    const started: number[] = [];
    const turn = turns.take('a', 0, none, async () => void started.push(1));
    await jest.advanceTimersByTimeAsync(990);
    expect(started).toEqual([]);
    await jest.advanceTimersByTimeAsync(20);
    await turn;
    turns.pause('b', 1_000);
    const given = turns.take('b', 0, stop.signal, async () => void started.push(2));
    const reason = new Error('enough');
    const outcome = expect(given).rejects.toBe(reason);
    await jest.advanceTimersByTimeAsync(10);
    stop.abort(reason);
    await outcome;
    expect(started).toEqual([1]);
  });
});
