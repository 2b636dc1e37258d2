import { derivationsFor } from './derivations-for';

describe('The work of a challenge', () => {
  it.each([
    [0, 500],
    [1, 500],
    [1.9, 500],
    [2, 1_000],
    [4, 2_000],
    [8, 4_000],
    [1_000_000, 4_000],
  ])('at %d times the usual is at most %d derivations', (load, most) => {
    expect(derivationsFor(load)).toBe(most);
  });
});
