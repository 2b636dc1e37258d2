import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Makes a new database at `folder` unless there is one. It is made beside its place and renamed when complete, so a kill
 * during the first start leaves no half of one.
 */
export async function createDataFolder(workerFile: string, folder: string): Promise<void> {
  if (!existsSync(folder)) await create(workerFile, folder);
  // The engine makes files that everybody may write; nobody else gets as far as them.
  chmodSync(folder, 0o700);
}

async function create(workerFile: string, folder: string): Promise<void> {
  const unfinished = `${folder}.creating`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  const worker = new Worker(workerFile, { workerData: { task: 'create', folder: unfinished } });
  await once(worker, 'exit'); // rejects when the worker fails
  renameSync(unfinished, folder);
}
