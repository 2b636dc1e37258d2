/** How fast the queue notices and retries. Milliseconds. */
export interface QueueTimings {
  /** A worker holds a job for this long without a sign of life; it renews at half of it. */
  lockMs: number;
  /** How often expired locks are looked for. A job is freed at the second look. */
  stalledCheckMs: number;
  /** Wait before the second attempt; doubles from one to the next. */
  backoffMs: number;
  maxBackoffMs: number;
  /** How long closing waits for handlers to stop. */
  closeMs: number;
}

/**
 * After a kill a job runs again within `lockMs` and two checks: about ten seconds. Shorter locks would let a busy event
 * loop lose jobs it is still working on.
 */
export const DEFAULT_TIMINGS: QueueTimings = {
  lockMs: 6_000,
  stalledCheckMs: 2_000,
  backoffMs: 1_000,
  maxBackoffMs: 60_000,
  closeMs: 5_000,
};
