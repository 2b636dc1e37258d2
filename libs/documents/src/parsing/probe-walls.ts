import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { canFollowChildren } from './resident-memory';
import { commandWithin, type WalledProcess, type WallsInForce } from './walls';

const TIMEOUT_MS = 10_000;

/**
 * Finds the strongest walls that `trial` runs within here. A program may be installed and still be refused by the
 * system (containers and some distributions let nobody make namespaces), so everything is tried, not looked for.
 * @param trial must end well within walls that hold
 */
export async function probeWalls(trial: WalledProcess): Promise<WallsInForce> {
  const [hasKernelLimits, diesWithParent] = await Promise.all([
    works(['prlimit', ['--core=0', '--fsize=0', '--nofile=64', '--cpu=5', 'true']]),
    works(['setpriv', ['--pdeathsig', 'KILL', 'true']]),
  ]);
  // Without a look at children the watchdog would see bubblewrap's memory and not the parser's.
  const kinds = (await canFollowChildren()) ? (['bubblewrap', 'namespaces'] as const) : (['namespaces'] as const);
  for (const isolation of kinds) {
    const walls = { isolation, hasKernelLimits, diesWithParent };
    if (await works(commandWithin(walls, trial))) return walls;
  }
  const walls = { isolation: 'none', hasKernelLimits, diesWithParent } as const;
  if (await works(commandWithin(walls, trial))) return walls;
  return { isolation: 'none', hasKernelLimits: false, diesWithParent: false };
}

/** In words, for the log. */
export function describeWalls({ isolation, hasKernelLimits, diesWithParent }: WallsInForce): string {
  const isBubblewrap = isolation === 'bubblewrap';
  const words = [
    isBubblewrap && 'bubblewrap (no files but the code, no network)',
    isolation === 'namespaces' && 'network namespace',
    hasKernelLimits && 'limits of the kernel',
    (diesWithParent || isBubblewrap) && 'end with the parent',
    "Node's permissions",
  ];
  return words.filter(Boolean).join(', ');
}

const works = ([command, args]: [string, string[]]): Promise<boolean> =>
  promisify(execFile)(command, args, { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', env: {}, cwd: '/' }).then(
    () => true,
    () => false,
  );
