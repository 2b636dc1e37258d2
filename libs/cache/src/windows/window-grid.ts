import { NEARING_SHARE, type WindowLimit } from './sliding-windows';

/** A hash of up to 128 entries is one small block of memory in Redis (`hash-max-listpack-entries`). */
const MAX_SINGLE_HITS = 120;
const STEPS = 100;

/** How finely the hits of a window are told apart. */
export interface WindowGrid {
  readonly windowMs: number;
  /** Hits within one step are kept as one number. */
  readonly stepMs: number;
  readonly limit: number;
  /** How many hits make the warning. */
  readonly nearingAt: number;
}

/**
 * A limit of up to 120 keeps each hit by its millisecond, so its window is exact. A larger one keeps hits together in
 * steps of a hundredth of the window and forgets a step when its last moment has left: never more than the limit in any
 * stretch of that length, at the price that a hit may count for one hundredth longer.
 */
export function gridOf({ windowSeconds, limit }: WindowLimit): WindowGrid {
  const windowMs = windowSeconds * 1000;
  return {
    windowMs,
    stepMs: limit <= MAX_SINGLE_HITS ? 1 : Math.ceil(windowMs / STEPS),
    limit,
    nearingAt: Math.ceil(limit * NEARING_SHARE),
  };
}

/** Whole seconds for people and headers: never zero, or a client would come back too early. */
export const wholeSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
