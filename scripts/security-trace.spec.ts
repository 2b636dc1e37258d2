import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface ReportedTest {
  fullName: string;
  status: 'passed' | 'failed' | 'pending';
}

describe('The trace from statements to tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'customercare-trace-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const report = (name: string, assertionResults: ReportedTest[]): string =>
    write(name, { testResults: [{ name: join(__dirname, 'some.spec.ts'), assertionResults }] });
  const trace = (...args: string[]): { code: number | null; text: string } => {
    const { status, stdout } = spawnSync(process.execPath, [join(__dirname, 'security-trace.mjs'), ...args]);
    return { code: status, text: stdout.toString() };
  };

  const statements = write('statements.json', [
    { id: 'A01', statement: 'Doors close' },
    { id: 'T02', statement: 'Keys turn' },
  ]);
  const doors: ReportedTest = { fullName: 'Doors A01 close', status: 'passed' };

  it('is complete when each statement has a test that passed, in any of the reports', () => {
    const other = report('other.json', [{ fullName: 'T02 A01 keys turn', status: 'passed' }]);
    const { code, text } = trace('--statements', statements, report('all.json', [doors]), other);
    expect(text).toContain('A01  Doors close: 2 passed');
    expect(text).toContain('passed  Doors A01 close  (scripts/some.spec.ts)');
    expect([code, text.includes('open:')]).toEqual([0, false]);
  });

  it.each([
    ['no test', [doors], 'T02 NO TEST'],
    ['a name that only looks like it', [doors, { fullName: 'T021 xT02', status: 'passed' }], 'T02 NO TEST'],
    ['nothing but skipped tests', [doors, { fullName: 'T02 keys', status: 'pending' }], 'T02 ONLY SKIPPED'],
    [
      'one failed test',
      [doors, { ...doors, status: 'failed' }, { fullName: 'T02', status: 'passed' }],
      'A01 FAILED 1 of 2',
    ],
  ] satisfies [string, ReportedTest[], string][])('fails for %s', (_name, tests, open) => {
    const { code, text } = trace('--statements', statements, report('one.json', tests));
    expect(text).toContain(`open: ${open}`);
    expect(code).toBe(1);
  });

  it('fails without a report', () => {
    const { code, text } = trace('--statements', statements, join(folder, 'none.json'));
    expect([code, text.startsWith('There is no report')]).toEqual([1, true]);
  });

  it('lists the tests as they are written, those of a loop and of a suite included', () => {
    const own = write('own.json', [{ id: 'Q99', statement: 'This very file' }]);
    const { text } = trace('--statements', own, '--list');
    expect(text).toContain('Q99 in a suite and in %s  (scripts/security-trace.spec.ts)');
  });

  describe('Q99 in a suite', () => {
    it.each(['a loop'])('and in %s', (place) => expect(place).toBe('a loop'));
  });
});
