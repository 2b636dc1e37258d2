import { backoffMs } from './backoff';

describe('backoffMs', () => {
  it('doubles from half a second to twenty, and half of it is chance', () => {
    expect([0, 1, 2, 5, 6, 60].map((attempt) => backoffMs(attempt, 0))).toEqual([250, 500, 1000, 8000, 10000, 10000]);
    expect([0, 6].map((attempt) => backoffMs(attempt, 0.999999))).toEqual([
      expect.closeTo(500, 1),
      expect.closeTo(20000, 0),
    ]);
  });
});
