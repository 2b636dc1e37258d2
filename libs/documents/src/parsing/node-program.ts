import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Says where shared libraries lie, for systems that keep them elsewhere than the loader looks by itself (ld.so(8)). */
const LOADER_CACHE = '/etc/ld.so.cache';
/** `libm.so.6 => /lib/libm.so.6 (0x7f…)`, and the loader itself without the arrow. */
const LIBRARY = /(\/\S+) \(0x[0-9a-f]+\)$/gm;

/** The files without which this Node does not start: the program, its loader and its libraries (ldd(1)). */
export async function nodeProgramFiles(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ldd', [process.execPath], { timeout: 5_000 });
  const libraries = [...stdout.matchAll(LIBRARY)].map(([, path = '']) => path);
  return [process.execPath, ...libraries, LOADER_CACHE];
}
