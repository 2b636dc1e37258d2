import { nextSyncAt } from './source-schedule';

describe('When a source is due', () => {
  const now = new Date('2026-03-01T00:00:00Z');
  const hours = (syncIntervalSeconds: number, consecutiveFailures: number, random = 0): number =>
    ((nextSyncAt({ syncIntervalSeconds, consecutiveFailures }, now, random)?.getTime() ?? 0) - now.getTime()) /
    3_600_000;

  it('never, without a schedule', () => {
    expect(nextSyncAt({ syncIntervalSeconds: null, consecutiveFailures: 3 }, now)).toBeNull();
  });

  it('after its interval, and a little later than the others', () => {
    expect(hours(3600, 0)).toBe(1);
    expect(hours(3600, 0, 1)).toBeCloseTo(1.1);
    expect(hours(86_400, 0, 1)).toBe(24.25);
  });

  it('later and later while it fails, but once a week at least, and never more often than wanted', () => {
    expect([1, 2, 3, 4, 40].map((failures) => hours(3600, failures))).toEqual([2, 4, 8, 8, 8]);
    expect(hours(86_400, 5)).toBe(7 * 24);
    expect(hours(30 * 86_400, 5)).toBe(30 * 24);
  });
});
