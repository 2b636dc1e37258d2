import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sha256 } from '@app/crypto';

const ROOT = resolve(__dirname, '../../../..');
let entry: string | undefined;

/**
 * The child process of the parsers as one plain script, for tests that run from source. The build has its own
 * (`dist/libs/documents/src/parsing/parser-child.js`). It must lie inside the repository to find its packages.
 */
export function compiledParserEntry(): string {
  if (entry) return entry;
  const folder = join(ROOT, 'node_modules/.cache/customercare');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `draft-${process.pid}.cjs`);
  const source = join(ROOT, 'libs/documents/src/parsing/parser-child.ts');
  const options = ['--bundle', '--platform=node', '--format=cjs', '--packages=external', '--log-level=error'];
  execFileSync(join(ROOT, 'node_modules/.bin/esbuild'), [
    source,
    ...options,
    `--alias:@app/kernel=${join(ROOT, 'libs/kernel/src/index.ts')}`,
    `--outfile=${outfile}`,
  ]);
  // Named by its content: test processes share one, and only a change leaves another behind.
  entry = join(folder, `parser-child-${sha256(readFileSync(outfile)).toString('hex').slice(0, 16)}.cjs`);
  renameSync(outfile, entry);
  return entry;
}
