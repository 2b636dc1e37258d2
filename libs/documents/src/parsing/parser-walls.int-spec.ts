import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostileEntries } from '../testing/hostile-entries';
import { ParserCommand } from './parser-command';
import { ParserProcess } from './parser-process';
import { nodeProgramFiles } from './node-program';
import { commandWithin, type WallsInForce } from './walls';

const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const hasKernelLimits = runs('prlimit', '--core=0', 'true');
const diesWithParent = runs('setpriv', '--pdeathsig', 'KILL', 'true');
const WORKS: Readonly<Record<WallsInForce['isolation'], boolean>> = {
  bubblewrap: runs('bwrap', '--unshare-all', '--ro-bind', '/', '/', 'true'),
  namespaces: runs('unshare', '--map-root-user', '--net', 'true'),
  none: true,
};
const isWithin = (isolation: WallsInForce['isolation']): boolean => isolation !== 'none';
const limits = { timeoutSeconds: 20, maxRssBytes: 400 * 1024 * 1024 };
const tooComplex = { code: 'document.too-complex' };

describe.each(['bubblewrap', 'namespaces', 'none'] as const)('A hostile child within %s', (isolation) => {
  const walls: WallsInForce = { isolation, hasKernelLimits, diesWithParent };
  // Skipped where this system has no such wall; the name of the block says which.
  const here = WORKS[isolation] ? it : it.skip;
  const within = WORKS[isolation] && isWithin(isolation) ? it : it.skip;
  const limited = WORKS[isolation] && hasKernelLimits ? it : it.skip;
  const bound = WORKS[isolation] && (isolation === 'bubblewrap' || diesWithParent) ? it : it.skip;
  let entries: HostileEntries;
  let outside: string;
  const run = async (script: string, options: { maxRssBytes?: number; cpuSeconds?: number } = {}) => {
    const parser = new ParserProcess({ entry: entries.write(script), walls, ...limits, ...options });
    return (await parser.parse('text', Buffer.from('x'))).sections[0]?.text;
  };
  const attempt = (code: string) => run(`try { ${code}; text('done'); } catch (error) { text(error.code); }`);
  /** Without Node's permission model: what the system's wall does alone. */
  const unhelped = async (code: string): Promise<string> => {
    const script = `try { ${code}; console.log('done'); } catch (error) { console.log(error.code); }`;
    const process_ = { program: process.execPath, args: ['-e', script], cpuSeconds: 10 };
    const [command, args] = commandWithin(walls, { ...process_, readable: await nodeProgramFiles() });
    return execFileSync(command, args, { encoding: 'utf8', env: {}, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  };

  beforeAll(() => {
    entries = new HostileEntries();
    outside = mkdtempSync(join(tmpdir(), 'customercare-walls-'));
    writeFileSync(join(outside, 'secret'), 'a key');
  });
  afterAll(() => {
    entries.dispose();
    rmSync(outside, { recursive: true, force: true });
  });
  afterEach(async () => expect(await entries.runningAfter(2_000)).toEqual([]));

  here('reads nothing of the system and of the data folder, writes nothing, starts nothing', async () => {
    const written = JSON.stringify(join(outside, 'escaped'));
    expect(await attempt(`require('node:fs').readFileSync('/etc/passwd')`)).toBe('ERR_ACCESS_DENIED');
    expect(await attempt(`require('node:fs').readFileSync(${JSON.stringify(join(outside, 'secret'))})`)).toBe(
      'ERR_ACCESS_DENIED',
    );
    expect(await attempt(`require('node:fs').writeFileSync(${written}, 'x')`)).toBe('ERR_ACCESS_DENIED');
    expect(await attempt(`require('node:child_process').execFileSync(process.execPath, ['-e', ''])`)).toBe(
      'ERR_ACCESS_DENIED',
    );
    expect(existsSync(join(outside, 'escaped'))).toBe(false);
  });

  within('reaches no listener of this machine and no address of another', async () => {
    let knocks = 0;
    const canary = createServer((socket) => void (knocks++, socket.destroy())).listen(0, '127.0.0.1');
    await once(canary, 'listening');
    const { port } = canary.address() as AddressInfo; // listens on TCP
    const knock = (host: string) =>
      run(`require('node:net').connect(${port}, '${host}').on('connect', () => text('in'))
        .on('error', (error) => text(error.code));`);
    // The loopback of a namespace of one's own is up in bubblewrap, and nobody listens there.
    expect(await knock('127.0.0.1')).toMatch(/^(?:ECONNREFUSED|ENETUNREACH)$/);
    expect(await knock('192.0.2.1')).toBe('ENETUNREACH');
    expect(knocks).toBe(0);
    canary.close();
  });

  (WORKS[isolation] && isolation === 'bubblewrap' ? it : it.skip)(
    'finds no file and can write none, with nothing but the wall',
    async () => {
      expect(await unhelped(`require('fs').readFileSync('/etc/passwd')`)).toBe('ENOENT');
      expect(await unhelped(`require('fs').readFileSync(${JSON.stringify(join(outside, 'secret'))})`)).toBe('ENOENT');
      expect(await unhelped(`require('fs').readdirSync('/proc')`)).toBe('ENOENT');
      expect(await unhelped(`require('fs').writeFileSync('/escaped', 'x')`)).toBe('EROFS');
      expect(await unhelped(`require('child_process').execFileSync('/bin/sh', ['-c', ''])`)).toBe('ENOENT');
    },
  );

  limited('fills no file, with nothing but the limits of the kernel', async () => {
    const code = await unhelped(`require('fs').writeFileSync(${JSON.stringify(join(outside, 'full'))}, 'x')`);
    expect(code).toMatch(isolation === 'bubblewrap' ? /^ENOENT$/ : /^EFBIG$/);
  });

  limited('is killed when its processor time is over, however long it may take by the clock', async () => {
    const startedAt = Date.now();
    await expect(run('for (;;);', { cpuSeconds: 1 })).rejects.toMatchObject(tooComplex);
    expect(Date.now() - startedAt).toBeLessThan(limits.timeoutSeconds * 500);
  });

  here('is killed when it takes too much memory outside the heap', async () => {
    const eat = `const all = Array.from({ length: 15 }, () => Buffer.alloc(20e6, 1));
      setTimeout(() => text(all.length), 1000);`;
    expect(await run(eat)).toBe('15');
    await expect(run(eat, { maxRssBytes: 200e6 })).rejects.toMatchObject(tooComplex);
  });

  bound('dies with its parent, even when that is killed and can do nothing about it', async () => {
    const entry = entries.write('for (;;);');
    const [command, args] = await new ParserCommand({ entry, walls, ...limits }).lineFor('text');
    const parent = spawn(
      process.execPath,
      ['-e', `require('node:child_process').spawn(${JSON.stringify(command)}, ${JSON.stringify(args)});`],
      { stdio: 'ignore' },
    );
    // The walls ask to die with their parent before they start Node, and not before they run themselves.
    const isUp = (): boolean => entries.running().some((line) => /^\s*\d+ \S*node --max-old-space/.test(line));
    while (!isUp()) await new Promise((resolve) => setTimeout(resolve, 50));
    parent.kill('SIGKILL');
    expect(await entries.runningAfter(5_000)).toEqual([]);
  });
});

describe('The walls that are chosen', () => {
  it('are the strongest that work here', async () => {
    const entries = new HostileEntries();
    const chosen = await new ParserProcess({ entry: entries.write(''), ...limits }).walls;
    entries.dispose();
    const isolation = WORKS.bubblewrap ? 'bubblewrap' : WORKS.namespaces ? 'namespaces' : 'none';
    expect(chosen).toEqual({ isolation, hasKernelLimits, diesWithParent });
  });
});
