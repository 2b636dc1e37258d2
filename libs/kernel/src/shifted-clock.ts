import { readFileSync } from 'node:fs';

import { Clock } from './clock';

const SECONDS = /^-?\d{1,10}$/;

/**
 * The machine's clock moved by the seconds a file holds, so that a test can let a session grow old in a running process.
 * The file is read for every answer (about ten microseconds); production refuses the setting that names it.
 */
export class ShiftedClock extends Clock {
  /** @param path a file with a whole number of seconds */
  constructor(private readonly path: string) {
    super();
  }

  /** @throws Error when the file cannot be read or holds something else */
  now(): Date {
    const written = readFileSync(this.path, 'utf8').trim();
    if (!SECONDS.test(written)) throw new Error(`${this.path} must hold a whole number of seconds`);
    return new Date(Date.now() + Number(written) * 1000);
  }
}
