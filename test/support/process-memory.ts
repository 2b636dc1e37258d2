import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process alone, in bytes; 0 when it is gone. Needs /proc. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(statusOf(pid))?.[1] ?? 0) * 1024;
}

/** Every process that a process started, and what those started. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(statusOf(Number(entry)))?.[1] ?? 0);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)]);
  }
  const below = (of: number): number[] => (parents.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** The command line of a process; empty when it is gone. */
export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

const statusOf = (pid: number): string => read(`/proc/${pid}/status`);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
