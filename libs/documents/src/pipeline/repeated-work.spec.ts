import { RepeatedWork } from './repeated-work';

const settle = (): Promise<unknown> => Promise.resolve().then(() => Promise.resolve());

describe('RepeatedWork', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('begins at once, leaves out turns while one runs, goes on after an error, and stops', async () => {
    let end = (): void => undefined;
    const errors: unknown[] = [];
    const work = jest.fn(() => new Promise<void>((resolve) => (end = resolve)));
    const repeated = new RepeatedWork(10, work, (error) => errors.push(error));
    expect(work).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(35_000);
    expect(work).toHaveBeenCalledTimes(1);
    end();
    await settle();
    work.mockImplementationOnce(() => Promise.reject(new Error('away')));
    jest.advanceTimersByTime(10_000);
    await settle();
    expect(errors).toEqual([new Error('away')]);
    await settle();
    jest.advanceTimersByTime(10_000);
    expect(work).toHaveBeenCalledTimes(3);
    repeated.stop();
    end();
    await settle();
    jest.advanceTimersByTime(60_000);
    expect(work).toHaveBeenCalledTimes(3);
  });
});
