/** Where a fixed-window counter stands after one more hit. */
export interface WindowCount {
  /** Hits in this window, the one just counted included. */
  count: number;
  /** Whole seconds until the window ends, 1 to `windowSeconds`. */
  resetsInSeconds: number;
}

/**
 * Short-lived facts all nodes share: counters, leases, revocations, replays. Nothing here may be the only copy of
 * something that matters. Keys start with the name of their owner (`limit:`, `idempotency:`).
 *
 * Every method rejects within about a second when the store is not reachable; it never hangs. The caller decides
 * whether that closes or opens the door.
 */
export abstract class KeyValueStore {
  /** The value, or null when it was never set, was deleted or has expired. */
  abstract get(key: string): Promise<string | null>;
  /** Sets or replaces a value for `ttlSeconds` (a whole number ≥ 1). */
  abstract set(key: string, value: string, ttlSeconds: number): Promise<void>;
  abstract delete(key: string): Promise<void>;
  /**
   * Counts one hit in a fixed window that starts with its first hit. Atomic: of n hits at once, exactly one gets 1.
   * That also makes it the way to claim something once (`count === 1`).
   */
  abstract increment(key: string, windowSeconds: number): Promise<WindowCount>;
}
