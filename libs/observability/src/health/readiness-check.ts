/** One thing the process cannot work without. */
export abstract class ReadinessCheck {
  /** For the log: `database`, `redis`. */
  abstract readonly name: string;
  /** Whether it can be used right now. A rejection counts as no. */
  abstract isReady(): Promise<boolean>;
}
