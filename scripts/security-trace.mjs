// `npm run security:trace`: every statement about security, the tests whose names carry its id, and how they went.
// Ends with 1 when a statement has no test that passed, or one that failed.
//
//   npm run security:trace                   what the last `npm test` reported
//   npm run security:trace -- a.json b.json  what these reports of Jest say together
//   npm run security:trace -- --list         which tests there are, without any result
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { lastReport, root } from './last-report.mjs';

const ID = /\b[A-Z]\d{2}\b/g;
/** A statement may be proved by a test for each of fifty tables; the first few say which they are. */
const SHOWN = 6;

const say = (text) => process.stdout.write(`${text}\n`);
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

const testsOf = (reportFile) =>
  readJson(reportFile).testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({
      name: test.fullName,
      file: relative(root, file.name),
      result: ['passed', 'failed'].includes(test.status) ? test.status : 'skipped',
    })),
  );

async function collect(isListing, given) {
  if (isListing) {
    // It brings the compiler along, which takes seconds to load.
    const { writtenTests } = await import('./written-tests.mjs');
    return writtenTests().map((test) => ({ ...test, result: 'written' }));
  }
  const reports = given.length > 0 ? given : [lastReport];
  const missing = reports.filter((path) => !existsSync(path));
  if (missing.length === 0) return reports.flatMap(testsOf);
  say(`There is no report at ${missing.join(', ')}. Run the tests first, or use --list.`);
  return process.exit(1);
}

function verdictOf(tests) {
  const count = (result) => tests.filter((test) => test.result === result).length;
  if (tests.length === 0) return { isProved: false, text: 'NO TEST' };
  if (count('failed') > 0) return { isProved: false, text: `FAILED ${count('failed')} of ${tests.length}` };
  if (count('written') > 0) return { isProved: true, text: `${count('written')} written` };
  if (count('passed') === 0) return { isProved: false, text: 'ONLY SKIPPED' };
  const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
  return { isProved: true, text: `${count('passed')} passed${skipped}` };
}

function tell({ id, statement }, tests, verdict) {
  say(`${id}  ${statement}: ${verdict.text}`);
  // What failed is shown before what passed.
  const shown = [...tests]
    .sort((a, b) => Number(b.result === 'failed') - Number(a.result === 'failed'))
    .slice(0, SHOWN);
  for (const { name, file, result } of shown) say(`       ${result.padEnd(7)} ${name.trim()}  (${file})`);
  if (tests.length > shown.length) say(`       … and ${tests.length - shown.length} more`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    statements: { type: 'string', default: join(root, 'docs', 'security-statements.json') },
  },
});
const tests = await collect(values.list, positionals);
const statements = readJson(values.statements);
const open = [];
for (const statement of statements) {
  const own = tests.filter(({ name }) => name.match(ID)?.includes(statement.id));
  const verdict = verdictOf(own);
  if (!verdict.isProved) open.push(`${statement.id} ${verdict.text}`);
  tell(statement, own, verdict);
}
say(`\n${statements.length - open.length} of ${statements.length} statements proved; ${tests.length} tests looked at`);
for (const line of open) say(`  open: ${line}`);
process.exit(open.length > 0 ? 1 : 0);
