import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseStartError } from '../database-start-error';
import { errorCode } from '../error-code';

/** What the lock file says of its holder. */
interface Holder {
  pid: number;
  /** When the process started, as the system counts it: tells a holder from a later process with the same pid. */
  startedAt: string | null;
  /** A container has a name of its own, so a pid means nothing across two that share a volume. */
  host: string;
  /** Private folder of the holder's socket; removed when a dead holder's lock is taken over. */
  socketFolder: string | null;
}

const BEAT_MS = 5_000;
/** A holder on another host counts as dead when its lock was not touched for this long: four missed beats. */
const SILENCE_MS = 20_000;

/**
 * Exclusive lock on the data folder: two engines on one folder lose data without a word. A lock left behind by a killed
 * process is taken over; the operating system's view of the pid decides, on another host the age of the lock does.
 */
export class DataFolderLock {
  private timer: NodeJS.Timeout | undefined;
  /** Folders this very process holds: in a container the pid of the previous process is often the same again. */
  private static readonly heldHere = new Set<string>();

  private constructor(
    private readonly file: string,
    private holder: Holder,
  ) {}

  /** @throws DatabaseStartError naming the folder and the pid when somebody else holds it */
  static take(dataDir: string): DataFolderLock {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const file = join(resolve(dataDir), 'database.lock');
    const holder: Holder = { pid: process.pid, startedAt: startOf(process.pid), host: hostname(), socketFolder: null };
    const lock = new DataFolderLock(file, holder);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (lock.create()) return lock.keep();
      clearStale(file, dataDir);
    }
    throw new DatabaseStartError(`The data folder ${dataDir} is being opened by another process; try again`);
  }

  /** Leaves a note of where the socket is, so that whoever takes over a dead lock can clean up. */
  noteSocketFolder(socketFolder: string): void {
    this.holder = { ...this.holder, socketFolder };
    writeFileSync(this.file, JSON.stringify(this.holder), { mode: 0o600 });
  }

  release(): void {
    clearInterval(this.timer);
    if (DataFolderLock.heldHere.delete(this.file)) rmSync(this.file, { force: true });
  }

  static isHeldHere(file: string): boolean {
    return DataFolderLock.heldHere.has(file);
  }

  /** A hard link appears whole or not at all, so nobody reads half a lock. */
  private create(): boolean {
    const draft = `${this.file}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify(this.holder), { mode: 0o600 });
    try {
      linkSync(draft, this.file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw new DatabaseStartError(`The data folder cannot be locked: ${this.file}`, error);
    } finally {
      rmSync(draft, { force: true });
    }
  }

  private keep(): this {
    DataFolderLock.heldHere.add(this.file);
    this.timer = setInterval(() => {
      const now = new Date();
      try {
        utimesSync(this.file, now, now);
      } catch {
        // A missing beat shows only to other hosts, and the folder may be gone in a test.
      }
    }, BEAT_MS).unref();
    return this;
  }
}

/** @throws DatabaseStartError when the holder lives */
function clearStale(file: string, dataDir: string): void {
  const seen = read(file);
  if (seen && isAlive(seen.holder, file, seen.touchedAt)) {
    const where = seen.holder.host === hostname() ? '' : ` on ${seen.holder.host}`;
    throw new DatabaseStartError(
      `The data folder ${dataDir} is in use by process ${seen.holder.pid}${where}; stop it first or choose another data folder`,
    );
  }
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return; // another starter was faster
    throw error;
  }
  const moved = read(aside);
  if (seen && moved && moved.text !== seen.text) {
    linkSync(aside, file); // it was taken over between the two looks: give it back
  } else if (moved?.holder.socketFolder && isSocketFolder(moved.holder.socketFolder)) {
    rmSync(moved.holder.socketFolder, { recursive: true, force: true });
  }
  rmSync(aside, { force: true });
}

function read(file: string): { holder: Holder; text: string; touchedAt: number } | null {
  try {
    const text = readFileSync(file, 'utf8');
    const holder = JSON.parse(text) as Holder; // our own file; anything else fails below or counts as stale
    return typeof holder.pid === 'number' ? { holder, text, touchedAt: statSync(file).mtimeMs } : null;
  } catch {
    return null; // gone, or unreadable: a lock nobody can hold
  }
}

function isAlive({ pid, startedAt, host }: Holder, file: string, touchedAt: number): boolean {
  if (host !== hostname()) return Date.now() - touchedAt < SILENCE_MS;
  if (pid === process.pid) return DataFolderLock.isHeldHere(file);
  try {
    process.kill(pid, 0); // signal 0 only asks
  } catch (error) {
    if (errorCode(error) !== 'EPERM') return false;
  }
  if (isZombie(pid)) return false;
  const now = startOf(pid);
  return startedAt === null || now === null || startedAt === now;
}

/** Start time of a process, field 22 of /proc/<pid>/stat (proc(5)); null where there is no /proc. */
function startOf(pid: number): string | null {
  return statOf(pid)?.[19] ?? null;
}

/** Killed, but not yet waited for by its parent: it holds nothing any more. */
const isZombie = (pid: number): boolean => ['Z', 'X'].includes(statOf(pid)?.[0] ?? '');

/** The fields after the command's name. */
function statOf(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Only what the bridge makes is removed, whatever the lock file says. */
const isSocketFolder = (folder: string): boolean =>
  dirname(folder) === tmpdir() && basename(folder).startsWith('customercare-');
