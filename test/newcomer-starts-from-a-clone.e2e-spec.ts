import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { call } from './support/admin';
import { projectRoot, temporaryFolder } from './support/product';
import { until } from './support/until';

/** What git would check out, into an empty folder that only its owner may enter. */
function clone(folder: string): string {
  const checkout = join(folder, 'customercare');
  mkdirSync(checkout, { mode: 0o700 });
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectRoot,
  });
  for (const file of files
    .toString()
    .split('\0')
    .filter((name) => name && existsSync(join(projectRoot, name)))) {
    mkdirSync(join(checkout, dirname(file)), { recursive: true });
    cpSync(join(projectRoot, file), join(checkout, file));
  }
  // Installing is what started this test run; doing it again would only download the same packages.
  execFileSync('cp', ['-a', '--reflink=auto', join(projectRoot, 'node_modules'), checkout]);
  chmodSync(checkout, 0o700);
  return checkout;
}

/** `npm start` at a terminal: its own process group, which Ctrl-C reaches whole. */
class Terminal {
  output = '';
  private readonly shell: ChildProcessByStdio<null, Readable, Readable>;
  private readonly ended: Promise<unknown>;

  constructor(checkout: string, home: string) {
    const { PATH } = process.env;
    const shell = spawn('npm', ['start'], {
      cwd: checkout,
      detached: true,
      env: { PATH, HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.shell = shell;
    this.ended = new Promise((resolve) => shell.once('close', resolve));
  }

  async ready(): Promise<{ api: string; demo: string }> {
    await until(
      () => this.output.includes('Ready.') || this.shell.exitCode !== null,
      180,
      () => this.output,
    );
    if (!this.output.includes('Ready.')) throw new Error(this.output);
    const address = (label: string): string => new RegExp(`${label}\\s+(\\S+)`).exec(this.output)?.[1] ?? '';
    return { api: address('API docs').replace('/docs', ''), demo: address('Demo page') };
  }

  async press(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const { pid, exitCode, signalCode } = this.shell;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
    await this.ended;
  }
}

describe('A newcomer clones the repository into a private folder and runs npm start', () => {
  const folder = temporaryFolder();
  let checkout: string;
  let terminal: Terminal;

  beforeAll(() => {
    checkout = clone(folder.path);
  }, 120_000);

  afterAll(async () => {
    await terminal?.press('SIGKILL');
    folder.dispose();
  }, 60_000);

  const signIn = async (api: string): Promise<number> => {
    const [, email] = /e-mail\s+(\S+)/.exec(terminal.output) ?? [];
    const [, password] = /password\s+(\S+)/.exec(terminal.output) ?? [];
    return (await call(api, 'POST', '/v1/auth/login', { body: { email, password } })).status;
  };

  it.each([
    ['and it builds, starts and prints where everything is', 'SIGINT'],
    ['and after Ctrl-C it starts again with everything there', 'SIGKILL'],
    ['and after kill -9 too', 'SIGINT'],
  ] as const)(
    '%s',
    async (_name, ending) => {
      terminal = new Terminal(checkout, folder.path);
      const { api, demo } = await terminal.ready();
      expect((await fetch(`${api}/readyz`)).status).toBe(200);
      expect((await fetch(demo)).status).toBe(200);
      expect(await signIn(api)).toBe(200);
      expect(terminal.output).not.toMatch(/error|warn(?!.*Unknown user config)/i);
      await terminal.press(ending);
    },
    240_000,
  );
});
