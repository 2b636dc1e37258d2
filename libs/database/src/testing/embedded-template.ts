import { createHash, randomUUID } from 'node:crypto';
import { constants, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createDataFolder } from '../embedded/create-data-folder';
import { ENGINE_WORKER_FILE } from '../embedded/engine';
import { openEmbedded } from '../open-embedded';

const SOURCES = resolve(__dirname, '..');
const PREFIX = 'customercare-template-';
const MAX_AGE_MS = 24 * 3_600_000;

/**
 * Puts a migrated data folder at `dataDir`. Creating one takes seconds, so it is made once for each state of this lib's
 * sources and copied from the temporary folder afterwards; the empty database it starts from is made once for each
 * version of the engine.
 */
export async function copyEmbeddedTemplate(dataDir: string): Promise<void> {
  const engine = hashOf([readFileSync(require.resolve('@electric-sql/pglite'))]);
  const empty = await template(`empty-${engine}`, (draft) =>
    createDataFolder(ENGINE_WORKER_FILE, join(draft, 'database')),
  );
  const migrated = await template(`migrated-${engine}-${sourcesHash()}`, async (draft) => {
    await copy(empty, draft);
    const access = await openEmbedded(draft, []);
    await access.close();
  });
  await copy(migrated, dataDir);
}

/** Several test processes may do this at once; the first to finish wins, a rename is atomic. */
async function template(name: string, make: (draft: string) => Promise<void>): Promise<string> {
  const folder = join(tmpdir(), PREFIX + name);
  if (existsSync(folder)) return folder;
  removeOldTemplates();
  const draft = `${folder}.${randomUUID()}`;
  await make(draft);
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

const copy = (from: string, to: string): Promise<void> =>
  cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });

function removeOldTemplates(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const { mtimeMs } = statSync(folder, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > MAX_AGE_MS) rmSync(folder, { recursive: true, force: true });
  }
}

/** Of everything that decides what a migrated database looks like. */
function sourcesHash(): string {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|js|cjs)$/.test(file) && !/spec\.ts$|^testing/.test(file))
    .sort();
  return hashOf(files.flatMap((file) => [Buffer.from(file), readFileSync(join(SOURCES, file))]));
}

function hashOf(parts: Buffer[]): string {
  const hash = createHash('sha256');
  parts.forEach((part) => hash.update(part));
  return hash.digest('hex').slice(0, 16);
}
