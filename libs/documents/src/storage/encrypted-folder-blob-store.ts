import { type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyRing } from '@app/crypto';
import { AppError, newId } from '@app/kernel';
import { type BlobKey, blobOfPath, isBlobName, pathOfBlob } from './blob-key';
import { BlobSeal } from './blob-seal';
import { BlobStore } from './blob-store';
import type { ResealableBlobs } from './resealable-blobs';

const UNFINISHED = '.tmp';
/** Nobody but the account the server runs under. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** One sealed file a blob in one folder a workspace; see `BlobSeal`. */
export class EncryptedFolderBlobStore extends BlobStore implements ResealableBlobs {
  private readonly seal: BlobSeal;

  constructor(
    private readonly folder: string,
    ring: KeyRing,
  ) {
    super();
    this.seal = new BlobSeal(ring);
  }

  async put(key: BlobKey, bytes: Buffer): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(join(this.folder, key.workspaceId), { recursive: true, mode: FOLDER_MODE });
    await rename(await this.write(path, this.seal.seal(key, bytes)), path);
  }

  async get(key: BlobKey): Promise<Buffer> {
    const sealed = await readFile(this.pathOf(key)).catch((cause: unknown) => {
      throw isMissing(cause) ? new AppError('document.not-found', { cause }) : cause;
    });
    return this.seal.open(key, sealed);
  }

  async *keyIds(): AsyncIterable<{ key: BlobKey; kid: string }> {
    for await (const { key, path } of this.files()) {
      if (!key) continue;
      const head = await readHead(path);
      if (head) yield { key, kid: this.seal.kidOf(head) };
    }
  }

  async reseal(key: BlobKey): Promise<boolean> {
    const path = this.pathOf(key);
    const before = await stat(path).catch(() => null);
    if (!before) return false;
    const unfinished = await this.write(path, this.seal.seal(key, await this.get(key)));
    const now = await stat(path).catch(() => null);
    const isSame = now?.ino === before.ino && now.mtimeMs === before.mtimeMs;
    // Deleted in the instant before this it comes back, without a document; the sweeper takes it away.
    await (isSame ? rename(unfinished, path) : rm(unfinished));
    return isSame;
  }

  async delete(key: BlobKey): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async *list(before: Date): AsyncIterable<BlobKey> {
    for await (const { key, path } of this.files()) {
      const found = await stat(path).catch(() => undefined);
      if (!found || found.mtime >= before) continue;
      if (key) yield key;
      else if (path.endsWith(UNFINISHED)) await rm(path, { force: true });
    }
  }

  /** Everything in the folders of the workspaces; what is no blob has no key. */
  private async *files(): AsyncIterable<{ key: BlobKey | null; path: string }> {
    for (const workspace of await entriesOf(this.folder)) {
      if (!workspace.isDirectory() || !isBlobName(workspace.name)) continue;
      for (const { name } of await entriesOf(join(this.folder, workspace.name))) {
        yield { key: blobOfPath(`${workspace.name}/${name}`), path: join(this.folder, workspace.name, name) };
      }
    }
  }

  /** Under a name of its own until it is whole and on the disk: a crash leaves the old content or none, never half. */
  private async write(path: string, sealed: Buffer): Promise<string> {
    const unfinished = `${path}.${newId()}${UNFINISHED}`;
    const file = await open(unfinished, 'wx', FILE_MODE);
    try {
      await file.writeFile(sealed);
      await file.sync();
    } finally {
      await file.close();
    }
    return unfinished;
  }

  private pathOf(key: BlobKey): string {
    return join(this.folder, pathOfBlob(key));
  }
}

/** Null when the file has gone. */
async function readHead(path: string): Promise<Buffer | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!file) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BlobSeal.HEAD_BYTES), 0, BlobSeal.HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A folder that is not there yet is empty. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
