import { type Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SecretBox } from '@app/crypto';
import { AppError, newId } from '@app/kernel';
import { type BlobKey, BlobStore } from './blob-store';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UNFINISHED = '.tmp';
/** Nobody but the account the server runs under. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * One file a document in one folder a workspace, AES-256-GCM. The ciphertext is bound to its workspace and document, so
 * a file copied over another one does not open.
 */
export class EncryptedFolderBlobStore extends BlobStore {
  private readonly box: SecretBox;

  /** @param key 32 bytes, used for nothing else */
  constructor(
    private readonly folder: string,
    key: Buffer,
  ) {
    super();
    this.box = new SecretBox(key);
  }

  async put(key: BlobKey, bytes: Buffer): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(join(this.folder, key.workspaceId), { recursive: true, mode: FOLDER_MODE });
    // A name of its own until it is whole and on the disk: a crash leaves the old content or none, never half.
    const unfinished = `${path}.${newId()}${UNFINISHED}`;
    const file = await open(unfinished, 'wx', FILE_MODE);
    try {
      await file.writeFile(this.box.seal(bytes, aadOf(key)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  }

  async get(key: BlobKey): Promise<Buffer> {
    const sealed = await readFile(this.pathOf(key)).catch((cause: unknown) => {
      throw isMissing(cause) ? new AppError('document.not-found', { cause }) : cause;
    });
    return this.box.open(sealed, aadOf(key));
  }

  async delete(key: BlobKey): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async *list(before: Date): AsyncIterable<BlobKey> {
    for (const workspace of await entriesOf(this.folder)) {
      if (!workspace.isDirectory() || !UUID.test(workspace.name)) continue;
      for (const file of await entriesOf(join(this.folder, workspace.name))) {
        const path = join(this.folder, workspace.name, file.name);
        const found = await stat(path).catch(() => undefined);
        if (!found || found.mtime >= before) continue;
        if (UUID.test(file.name)) yield { workspaceId: workspace.name, documentId: file.name };
        else if (file.name.endsWith(UNFINISHED)) await rm(path, { force: true });
      }
    }
  }

  private pathOf({ workspaceId, documentId }: BlobKey): string {
    if (!UUID.test(workspaceId) || !UUID.test(documentId)) throw new AppError('document.not-found');
    return join(this.folder, workspaceId, documentId);
  }
}

const aadOf = ({ workspaceId, documentId }: BlobKey): string => `${workspaceId}|${documentId}`;

/** A folder that is not there yet is empty. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
