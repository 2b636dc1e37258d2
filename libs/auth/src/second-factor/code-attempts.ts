/** security guide A, A04; OWASP ASVS 5.0, 6.3.1 and 6.6.3. */
const MAX_FAILURES_IN_A_ROW = 5;
const FIRST_WAIT_SECONDS = 15 * 60;
const LONGEST_WAIT_SECONDS = 24 * 60 * 60;

export interface CodeAttempts {
  readonly failures: number;
  readonly retryAt: Date | null;
}

/** Seconds until a code is looked at again; 0 when now. */
export const waitSeconds = ({ retryAt }: CodeAttempts, now: Date): number =>
  retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt.getTime() - now.getTime()) / 1000));

/**
 * After one more wrong code. Every fifth in a row makes the person wait: 15 minutes, then 30, and twice as long each
 * time up to a day. Somebody who has the password and asks all day long finds a code of six digits (three of which are
 * good at a time) in some hundred years.
 */
export function afterFailure({ failures, retryAt }: CodeAttempts, now: Date): CodeAttempts {
  const counted = failures + 1;
  if (counted % MAX_FAILURES_IN_A_ROW !== 0) return { failures: counted, retryAt };
  const seconds = FIRST_WAIT_SECONDS * 2 ** (counted / MAX_FAILURES_IN_A_ROW - 1);
  return { failures: counted, retryAt: new Date(now.getTime() + Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000) };
}
