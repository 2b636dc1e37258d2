import { contrastOf } from './contrast';

describe('contrastOf', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#FFFFFF', '#4053d6', 6.13],
  ])('of %s and %s is %d, whichever comes first', (one, other, expected) => {
    expect(contrastOf(one, other)).toBeCloseTo(expected, 1);
    expect(contrastOf(other, one)).toBeCloseTo(expected, 1);
  });
});
