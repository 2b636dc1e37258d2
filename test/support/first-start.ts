import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Product, projectRoot } from './product';

const PREFIX = 'customercare-first-start-';
const MAX_AGE_MS = 24 * 3_600_000;

/**
 * Puts the database into `dataDir` that the product makes at its first start on the embedded default. That takes ten
 * seconds of a processor, so one start of each build is kept and copied; nothing else of that installation is.
 */
export async function copyFirstStart(dataDir: string): Promise<void> {
  await cp(join(await firstStart(), 'database'), join(dataDir, 'database'), { recursive: true });
}

/** Several test processes may do this at once; the first to finish wins, a rename is atomic. */
async function firstStart(): Promise<string> {
  const build = createHash('sha256').update(readFileSync(join(projectRoot, 'dist', '.built')));
  const folder = join(tmpdir(), PREFIX + build.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  removeOld();
  const draft = `${folder}.${randomUUID()}`;
  const product = await Product.start({ dataDir: draft, env: { DEMO: 'false' } });
  await product.stop();
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

function removeOld(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > MAX_AGE_MS) rmSync(folder, { recursive: true, force: true });
  }
}
