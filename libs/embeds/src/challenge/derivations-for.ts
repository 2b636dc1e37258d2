/** On average half of it is tried before the number is found. */
const LEAST = 250;
const MAX_DOUBLINGS = 3;

/**
 * How many derivations a challenge costs at most. Each doubling of what is going on, from twice the usual on, doubles it,
 * three times at most: 2,000 derivations of two thousand iterations are some seconds on an old phone.
 * @param load how many times what is usual is going on
 */
export function derivationsFor(load: number): number {
  const doublings = Math.floor(Math.log2(Math.max(1, load)));
  return LEAST * 2 ** Math.min(MAX_DOUBLINGS, doublings);
}
