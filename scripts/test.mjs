// `npm test`: every test this machine can run. What it cannot run is listed by name with its reason at the end.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lastReport } from './last-report.mjs';
import { prepare, root, say } from './prepare.mjs';

await prepare();
// Kept for `npm run security:trace`. What an earlier run left is not this one's.
rmSync(lastReport, { force: true });
mkdirSync(dirname(lastReport), { recursive: true });
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const args = [jest, '--json', '--outputFile', lastReport, '--maxWorkers', '2', ...process.argv.slice(2)];
const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };

const code = await new Promise((resolve, reject) => {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  child.on('error', reject);
  child.on('close', resolve);
});

let result;
try {
  result = JSON.parse(readFileSync(lastReport, 'utf8'));
} catch {
  say('The test runner ended without a report.');
  process.exit(code || 1);
}

const skipped = result.testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === 'pending');
if (skipped.length) {
  say('\nSkipped on this machine:');
  for (const test of skipped) say(`  - ${test.fullName}`);
}
// A file that does not even load has no test to count, so it counts as a failure itself.
const broken = result.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
).length;
const failed = result.numFailedTests + broken;
say(`\n${result.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed || code ? 1 : 0);
