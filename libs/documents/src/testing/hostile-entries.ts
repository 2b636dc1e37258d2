import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compiledParserEntry } from './compiled-parser-entry';

/** Children that do what a hostile file might make a parser do; they stand where the real one stands. */
export class HostileEntries {
  /** Unique, and part of the command line of every child that is started from here. */
  readonly folder = mkdtempSync(join(dirname(compiledParserEntry()), 'hostile-'));

  /** @param script may call `text(value)` once, which answers with a document of that text, or `reply(value)` */
  write(script: string): string {
    const entry = join(this.folder, 'hostile.cjs');
    const reply = `const reply = (value) => require('node:fs').writeSync(3, JSON.stringify(value));`;
    const answer = `const text = (value) => reply({ document: { sections: [{ headingPath: [], text: String(value) }] } });`;
    writeFileSync(entry, `${reply}\n${answer}\n${script}`);
    return entry;
  }

  /** Process ids and command lines of the children that run. */
  running(): string[] {
    return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(this.folder));
  }

  /** Those that still run then; the kernel takes a moment to end what stood around a child. */
  async runningAfter(milliseconds: number): Promise<string[]> {
    const deadline = Date.now() + milliseconds;
    while (this.running().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    return this.running();
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
