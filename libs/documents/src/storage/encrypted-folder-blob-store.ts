import { type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyRingBox, type KeyRing } from '@app/crypto';
import { AppError, newId } from '@app/kernel';
import { type BlobKey, BlobStore } from './blob-store';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UNFINISHED = '.tmp';
/** Nobody but the account the server runs under. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * One file a document in one folder a workspace, AES-256-GCM. The ciphertext is bound to its workspace and document, so
 * a file copied over another one does not open: `data.unreadable`.
 */
export class EncryptedFolderBlobStore extends BlobStore {
  private readonly box: KeyRingBox;

  constructor(
    private readonly folder: string,
    ring: KeyRing,
  ) {
    super();
    this.box = new KeyRingBox(ring, 'documents.blobs');
  }

  async put(key: BlobKey, bytes: Buffer): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(join(this.folder, key.workspaceId), { recursive: true, mode: FOLDER_MODE });
    await rename(await this.write(path, this.box.seal(bytes, aadOf(key))), path);
  }

  async get(key: BlobKey): Promise<Buffer> {
    const sealed = await readFile(this.pathOf(key)).catch((cause: unknown) => {
      throw isMissing(cause) ? new AppError('document.not-found', { cause }) : cause;
    });
    return this.box.open(sealed, aadOf(key));
  }

  /** Ids of the keys of everything stored, with `''` for what is no sealed file. For rotation. */
  async *keyIds(): AsyncIterable<{ key: BlobKey; kid: string }> {
    for await (const { key, path } of this.files()) {
      if (!key) continue;
      const head = await readHead(path);
      if (head) yield { key, kid: this.box.kidOf(head) ?? '' };
    }
  }

  /**
   * Seals a file again with the current key, unless it is gone or was replaced meanwhile.
   * @returns whether it was changed
   * @throws AppError `data.unreadable`
   */
  async reseal(key: BlobKey): Promise<boolean> {
    const path = this.pathOf(key);
    const before = await stat(path).catch(() => null);
    if (!before) return false;
    const unfinished = await this.write(path, this.box.seal(await this.get(key), aadOf(key)));
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
      if (!workspace.isDirectory() || !UUID.test(workspace.name)) continue;
      for (const { name } of await entriesOf(join(this.folder, workspace.name))) {
        const key = UUID.test(name) ? { workspaceId: workspace.name, blobId: name } : null;
        yield { key, path: join(this.folder, workspace.name, name) };
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

  private pathOf({ workspaceId, blobId }: BlobKey): string {
    if (!UUID.test(workspaceId) || !UUID.test(blobId)) throw new AppError('document.not-found');
    return join(this.folder, workspaceId, blobId);
  }
}

const aadOf = ({ workspaceId, blobId }: BlobKey): string => `${workspaceId}|${blobId}`;

/** Null when the file has gone. */
async function readHead(path: string): Promise<Buffer | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (!file) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(KeyRingBox.HEAD_BYTES), 0, KeyRingBox.HEAD_BYTES, 0);
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
