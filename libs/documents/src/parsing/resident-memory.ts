import { readFile } from 'node:fs/promises';

/**
 * Resident memory of a process and of all it started, in bytes: the walls may put a process of their own in front of the
 * one that eats. 0 where the system has no /proc.
 */
export async function residentBytes(pid: number): Promise<number> {
  const [status, children] = await Promise.all([
    read(`/proc/${pid}/status`),
    // Needs CONFIG_PROC_CHILDREN (proc_pid_task(5)), which `canFollowChildren` asks for.
    read(`/proc/${pid}/task/${pid}/children`),
  ]);
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  const others = await Promise.all(children.split(' ').filter(Boolean).map(Number).map(residentBytes));
  return others.reduce((sum, bytes) => sum + bytes, own);
}

/** Whether a process' children can be seen here. */
export async function canFollowChildren(): Promise<boolean> {
  const path = `/proc/${process.pid}/task/${process.pid}/children`;
  return readFile(path).then(
    () => true,
    () => false,
  );
}

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
