// `npm run check`: everything that can be said about the code without a database or a browser, two checks at a time.
import { join } from 'node:path';
import { ensureInstalled, root, run, say } from './prepare.mjs';

const bin = (path) => join(root, 'node_modules', ...path.split('/'));
const CHECKS = [
  ['types', [bin('typescript/bin/tsc'), '--noEmit', '-p', '.']],
  ['widget types', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'widget']],
  [
    'lint',
    [
      bin('eslint/bin/eslint.js'),
      'apps',
      'libs',
      'widget',
      'test',
      '--cache',
      '--cache-location',
      'node_modules/.cache/eslint/',
    ],
  ],
  ['unit tests', [bin('jest/bin/jest.js'), '--selectProjects', 'unit', '--maxWorkers', '2']],
  ['format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '--cache', '.']],
  [
    'layers',
    [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      'apps',
      'libs',
      'widget',
      'test',
      'bench',
      '--config',
      '.dependency-cruiser.cjs',
    ],
  ],
  ['unused', [bin('knip/bin/knip.js')]],
];

await ensureInstalled();
const started = Date.now();
const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
const queue = [...CHECKS];
let failures = 0;

async function worker() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [label, args] = next;
    const begun = Date.now();
    try {
      await run(process.execPath, args, { env, label });
      say(`ok      ${label} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failures++;
      say(`FAILED  ${label}\n${error.message}`);
    }
  }
}

await Promise.all([worker(), worker()]);
say(`${CHECKS.length - failures} checks passed, ${failures} failed, in ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(failures ? 1 : 0);
