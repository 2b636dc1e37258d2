import { readFileSync, statSync } from 'node:fs';

/**
 * A secret that somebody may exchange while the product runs: the file is read again when it has changed. While it is
 * missing or empty, as in the moment of being replaced, the last good value stays.
 */
export class SecretFile {
  private modifiedMs = 0;

  constructor(
    private readonly path: string,
    private latest: string,
  ) {}

  /** Cheap enough for each use: one look at the file's time. */
  current(): string {
    try {
      const { mtimeMs } = statSync(this.path);
      if (mtimeMs === this.modifiedMs) return this.latest;
      const text = readFileSync(this.path, 'utf8').trim();
      if (text !== '') [this.latest, this.modifiedMs] = [text, mtimeMs];
    } catch {
      // Being replaced: the next use looks again.
    }
    return this.latest;
  }
}
