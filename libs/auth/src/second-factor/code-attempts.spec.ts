import { afterFailure, type CodeAttempts, waitSeconds } from './code-attempts';

const NOW = new Date('2026-01-01T00:00:00Z');

function fail(times: number, from: CodeAttempts = { failures: 0, retryAt: null }): CodeAttempts {
  let state = from;
  for (let count = 0; count < times; count += 1) state = afterFailure(state, NOW);
  return state;
}

describe('A04 waiting after wrong codes of a second factor', () => {
  it.each([
    [0, 0],
    [4, 0],
    [5, 900],
    [6, 900],
    [10, 1800],
    [15, 3600],
    [35, 57_600],
    [40, 86_400],
    [500, 86_400],
  ])('is after %i in a row: %i seconds', (failures, seconds) => {
    expect(waitSeconds(fail(failures), NOW)).toBe(seconds);
  });

  it('is over when its time has come', () => {
    expect(waitSeconds(fail(5), new Date(NOW.getTime() + 899_001))).toBe(1);
    expect(waitSeconds(fail(5), new Date(NOW.getTime() + 900_000))).toBe(0);
  });
});
