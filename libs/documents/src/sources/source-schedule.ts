import type { Source } from './source.entity';

/** A source that keeps failing is asked less often, down to this many times its interval, but once a week at least. */
const MAX_BACK_OFF = 8;
const WEEK_SECONDS = 7 * 86_400;
/** Sources that were added together drift apart. */
const JITTER = 0.1;
const MAX_JITTER_SECONDS = 900;

type Scheduled = Pick<Source, 'syncIntervalSeconds' | 'consecutiveFailures'>;

/**
 * When a source is due after something happened to it at `now`; null when it is read by hand alone.
 * @param random from 0 to 1
 */
export function nextSyncAt(
  { syncIntervalSeconds: interval, consecutiveFailures }: Scheduled,
  now: Date,
  random = Math.random(),
): Date | null {
  if (interval === null) return null;
  const backOff = interval * Math.min(2 ** consecutiveFailures, MAX_BACK_OFF);
  const seconds = Math.max(interval, Math.min(backOff, WEEK_SECONDS));
  const jitter = Math.min(seconds * JITTER, MAX_JITTER_SECONDS) * random;
  return new Date(now.getTime() + Math.round((seconds + jitter) * 1000));
}
