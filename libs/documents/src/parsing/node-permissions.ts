import { join } from 'node:path';
import type { ApplicationFolders } from './application-folders';

/** Node's permission model: only the compiled libs and the packages can be read, nothing else can be done. */
export function permissionFlags({ folders, files }: ApplicationFolders): string[] {
  const flag = ['--permission', '--experimental-permission'].find((f) => process.allowedNodeEnvironmentFlags.has(f));
  if (!flag) return [];
  // Node 20 forgets a path that is named twice.
  const readable = new Set([...folders.map((folder) => join(folder, '*')), ...files]);
  return [flag, ...[...readable].map((path) => `--allow-fs-read=${path}`)];
}
