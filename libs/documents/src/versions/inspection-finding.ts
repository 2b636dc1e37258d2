import type { Finding } from '../inspection/finding';

/** What a scanner found. */
interface MalwareFinding {
  readonly kind: 'malware';
  /** The signature, as the engine calls it. */
  readonly rule: string;
}

/** Something in a file that a person should look at. */
export type InspectionFinding = Finding | MalwareFinding;
