import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseStartError } from '../database-start-error';
import { DataFolderLock } from './data-folder-lock';

describe('DataFolderLock', () => {
  let folder: string;
  let child: ChildProcess | null = null;
  const taken: DataFolderLock[] = [];
  const file = (): string => join(folder, 'database.lock');
  const take = (): DataFolderLock => {
    const lock = DataFolderLock.take(folder);
    taken.push(lock);
    return lock;
  };
  const faultOf = (work: () => unknown): unknown => {
    try {
      work();
      return null;
    } catch (error) {
      return error;
    }
  };
  /** What a lock of another process would say. */
  const plant = (holder: Record<string, unknown>): void => {
    writeFileSync(file(), JSON.stringify({ pid: 1, startedAt: null, host: hostname(), socketFolder: null, ...holder }));
  };
  const otherProcess = async (): Promise<number> => {
    child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)']);
    if (child.stdout) await once(child.stdout, 'data');
    return child.pid ?? 0;
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (!running) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'customercare-lock-'));
  });
  afterEach(async () => {
    taken.splice(0).forEach((lock) => lock.release());
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuses a second holder in the same process and frees the folder when released', () => {
    const first = take();
    expect(faultOf(take)).toBeInstanceOf(DatabaseStartError);
    first.release();
    expect(faultOf(take)).toBeNull();
  });

  it('names the folder and the process that holds it, and takes over once that was killed', async () => {
    const pid = await otherProcess();
    plant({ pid });
    const fault = faultOf(take);
    expect(String(fault)).toContain(folder);
    expect(String(fault)).toContain(`process ${pid};`);
    await kill();
    expect(faultOf(take)).toBeNull();
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('is not fooled by another process that got the same pid', async () => {
    plant({ pid: await otherProcess(), startedAt: '1' });
    expect(faultOf(take)).toBeNull();
  });

  it('takes over a lock of its own pid from an earlier life, as in a container', () => {
    plant({ pid: process.pid });
    expect(faultOf(take)).toBeNull();
  });

  it('believes a holder on another host while it shows signs of life', () => {
    plant({ host: 'elsewhere' });
    expect(String(faultOf(take))).toContain('process 1 on elsewhere');
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(file(), longAgo, longAgo);
    expect(faultOf(take)).toBeNull();
  });

  it('takes over a lock nobody can read', () => {
    writeFileSync(file(), '{"pid":');
    expect(faultOf(take)).toBeNull();
  });

  it('removes the socket folder of a dead holder and no other folder', () => {
    const socketFolder = mkdtempSync(join(tmpdir(), 'customercare-'));
    plant({ pid: 999_999_999, socketFolder });
    take().release();
    expect(existsSync(socketFolder)).toBe(false);
    const precious = mkdtempSync(join(tmpdir(), 'precious-'));
    plant({ pid: 999_999_999, socketFolder: precious });
    take();
    expect(existsSync(precious)).toBe(true);
    rmSync(precious, { recursive: true });
  });

  it('leaves no drafts behind', () => {
    plant({ pid: 999_999_999 });
    take();
    expect(readdirSync(folder)).toEqual(['database.lock']);
  });
});
