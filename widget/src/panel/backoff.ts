const FIRST_MS = 500;
const MAX_MS = 20_000;

/**
 * How long to wait before the next attempt: 0.5 s × 2ⁿ up to 20 s, with half of it by chance, so that the visitors of a
 * restarted server do not all come back in the same moment ("equal jitter", AWS Architecture Blog 2015).
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(FIRST_MS * 2 ** attempt, MAX_MS);
  return full / 2 + (full / 2) * random;
}
