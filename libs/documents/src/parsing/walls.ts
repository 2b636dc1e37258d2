/** What this system can put around a process. Found out once, see `probeWalls`. */
export interface WallsInForce {
  /**
   * `bubblewrap`: a root folder that holds nothing but what is named, no network, no view of other processes, no
   * capabilities, no /proc. `namespaces`: no network. `none`: what the process itself gives up.
   */
  readonly isolation: 'bubblewrap' | 'namespaces' | 'none';
  /** The kernel bounds processor time and open files, and lets nothing be written to a file (prlimit(1)). */
  readonly hasKernelLimits: boolean;
  /** The process is killed when its parent is (setpriv(1)); bubblewrap sees to that itself. */
  readonly diesWithParent: boolean;
}

export interface WalledProcess {
  readonly program: string;
  readonly args: readonly string[];
  /** Folders and files it must find at these paths, read-only; what is not there is left out. */
  readonly readable: readonly string[];
  /** Processor time of all its threads together. */
  readonly cpuSeconds: number;
}

/** Node needs about 25 and has nothing to open but its own code, one file at a time. */
const MAX_OPEN_FILES = 64;

/**
 * The command line that starts a process within walls. Whatever stands in front, killing the process that it starts
 * kills all, and standard input and further pipes reach the program.
 *
 * There is no limit on the number of processes: it counts everything else that the same user runs. None on the address
 * space either: Node reserves more than it will ever use and does not start below some gigabytes.
 */
export function commandWithin(walls: WallsInForce, { program, args, ...needs }: WalledProcess): [string, string[]] {
  const [command = program, ...rest] = [
    ...(walls.hasKernelLimits ? kernelLimits(needs.cpuSeconds) : []),
    ...isolation(walls, needs.readable),
    program,
    ...args,
  ];
  return [command, rest];
}

/** Both the soft and the hard limit: at the end of its time it is killed, not asked. */
const kernelLimits = (cpuSeconds: number): string[] => [
  'prlimit',
  `--cpu=${Math.ceil(cpuSeconds)}`,
  '--fsize=0',
  '--core=0',
  `--nofile=${MAX_OPEN_FILES}`,
];

function isolation({ isolation: kind, diesWithParent }: WallsInForce, readable: readonly string[]): string[] {
  if (kind === 'bubblewrap') return bubblewrap(readable);
  // A new user and network namespace has no interface but a loopback that is down (unshare(1), util-linux).
  const namespaces = kind === 'namespaces' ? ['unshare', '--map-root-user', '--net'] : [];
  // Last, because entering a namespace may clear the signal (PR_SET_PDEATHSIG(2const)).
  return [...namespaces, ...(diesWithParent ? ['setpriv', '--pdeathsig', 'KILL'] : [])];
}

/** See bwrap(1). The root folder is an empty one in memory, and read-only once everything is in its place. */
function bubblewrap(readable: readonly string[]): string[] {
  return [
    'bwrap',
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    ...['--cap-drop', 'ALL'],
    ...readable.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--remount-ro', '/'],
    ...['--chdir', '/'],
  ];
}
