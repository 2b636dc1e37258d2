import { derivationsFor } from './derivations-for';

describe('The work of a challenge', () => {
  it.each([
    [0, 250],
    [1, 250],
    [1.9, 250],
    [2, 500],
    [4, 1_000],
    [8, 2_000],
    [1_000_000, 2_000],
  ])('at %d times the usual is at most %d derivations', (load, most) => {
    expect(derivationsFor(load)).toBe(most);
  });
});
