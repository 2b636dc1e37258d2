import { commandWithin, type WallsInForce } from './walls';

const process = { program: '/bin/node', args: ['child.js', 'pdf'], readable: ['/app/libs', '/lib/libc.so.6'] };
const within = (walls: WallsInForce, cpuSeconds = 30) => commandWithin(walls, { ...process, cpuSeconds });

describe('The command line of a process within walls', () => {
  it('is the process alone where the system has nothing', () => {
    expect(within({ isolation: 'none', hasKernelLimits: false, diesWithParent: false })).toEqual([
      '/bin/node',
      ['child.js', 'pdf'],
    ]);
  });

  it('has namespaces, and binds the process to its parent after they were entered', () => {
    expect(within({ isolation: 'namespaces', hasKernelLimits: false, diesWithParent: true })).toEqual([
      'unshare',
      ['--map-root-user', '--net', 'setpriv', '--pdeathsig', 'KILL', '/bin/node', 'child.js', 'pdf'],
    ]);
  });

  it('has whole seconds of processor time, no files to write and few to open', () => {
    expect(within({ isolation: 'none', hasKernelLimits: true, diesWithParent: true }, 0.5)).toEqual([
      'prlimit',
      [
        ...['--cpu=1', '--fsize=0', '--core=0', '--nofile=64'],
        ...['setpriv', '--pdeathsig', 'KILL', '/bin/node', 'child.js', 'pdf'],
      ],
    ]);
  });

  it('has a root folder with nothing but what is named', () => {
    expect(within({ isolation: 'bubblewrap', hasKernelLimits: true, diesWithParent: true })).toEqual([
      'prlimit',
      [
        ...['--cpu=30', '--fsize=0', '--core=0', '--nofile=64'],
        ...['bwrap', '--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
        ...['--ro-bind-try', '/app/libs', '/app/libs', '--ro-bind-try', '/lib/libc.so.6', '/lib/libc.so.6'],
        ...['--remount-ro', '/', '--chdir', '/', '/bin/node', 'child.js', 'pdf'],
      ],
    ]);
  });
});
