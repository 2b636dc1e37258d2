import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The file that tells every process of an installation by how many seconds its clock is ahead of the machine's.
 * Replaced as a whole, so that nobody reads half a number.
 */
export class TestClock {
  readonly path: string;
  private aheadSeconds = 0;

  constructor(folder: string) {
    this.path = join(folder, 'test-clock');
    this.write();
  }

  advance(seconds: number): void {
    this.aheadSeconds += seconds;
    this.write();
  }

  get now(): Date {
    return new Date(Date.now() + this.aheadSeconds * 1000);
  }

  private write(): void {
    writeFileSync(`${this.path}.next`, `${this.aheadSeconds}\n`);
    renameSync(`${this.path}.next`, this.path);
  }
}
