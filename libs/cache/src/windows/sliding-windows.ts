/** One limit a hit is counted against. */
export interface WindowLimit {
  /** What is counted: a visitor, an address. The same key with another length is another window. */
  readonly key: string;
  readonly windowSeconds: number;
  /** Hits allowed in any stretch of time of this length; at least 1. */
  readonly limit: number;
}

/** Where one window stands after a hit. */
export interface WindowState {
  /** Whether this window had room. The hit was counted only if all of them had. */
  readonly isAllowed: boolean;
  /** Hits that may still come now. */
  readonly remaining: number;
  /** Whole seconds, at least 1: until a refused hit would be allowed, else until the oldest hit leaves the window. */
  readonly freesInSeconds: number;
  /** True for the hit that reaches 80 % of the limit, once in the length of a window. */
  readonly isNearing: boolean;
}

/** Share of a limit at which whoever is limited may be warned. */
export const NEARING_SHARE = 0.8;

/**
 * Counts hits in windows that slide, on all nodes together.
 *
 * One call counts a hit in several windows at once, all or nothing: when one of them is full, none of them counts it, so
 * what is refused uses nothing up. However many calls come at the same moment, in no stretch of `windowSeconds` more hits
 * are allowed than `limit` says. A window costs at most about 120 small entries, whatever its limit is.
 */
export abstract class SlidingWindows {
  /**
   * @param group hits of one group are counted together; a window belongs to the group it was named in
   * @param windows at least one, no two the same
   * @returns the windows' states, in their order
   */
  abstract hit(group: string, windows: readonly WindowLimit[]): Promise<WindowState[]>;

  /**
   * Takes the newest hit out of each window again: for what was counted, and then came to nothing for another reason.
   * Rejects when the store cannot be reached; a hit that stays leaves its window by itself.
   */
  abstract giveBack(group: string, windows: readonly WindowLimit[]): Promise<void>;
}
