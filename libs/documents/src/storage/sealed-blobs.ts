import { join } from 'node:path';
import { type KeyCounts, type KeyRing, type Rotation, SealedStore } from '@app/crypto';
import { AppError } from '@app/kernel';
import type { BlobKey } from './blob-store';
import { EncryptedFolderBlobStore } from './encrypted-folder-blob-store';

/** The folder below the data folder that holds the uploaded files. */
export const blobFolder = (dataDir: string): string => join(dataDir, 'blobs');

/** The uploaded files of all workspaces, for `keys:rotate`. */
export class SealedBlobs extends SealedStore {
  readonly name = 'uploaded files';
  private readonly blobs: EncryptedFolderBlobStore;

  constructor(
    dataDir: string,
    private readonly ring: KeyRing,
  ) {
    super();
    this.blobs = new EncryptedFolderBlobStore(blobFolder(dataDir), ring);
  }

  async countOld(): Promise<KeyCounts> {
    const counts = new Map<string, number>();
    for await (const { kid } of this.old()) counts.set(kid, (counts.get(kid) ?? 0) + 1);
    return counts;
  }

  async rotate(onProgress: (changed: number) => void): Promise<Rotation> {
    let changed = 0;
    const unreadable: string[] = [];
    for await (const { key } of this.old()) {
      try {
        if (!(await this.blobs.reseal(key))) continue;
        changed += 1;
        onProgress(1);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // Deleted in the meantime is no fault.
        if (error.code === 'data.unreadable') unreadable.push(key.blobId);
      }
    }
    return { changed, unreadable };
  }

  private async *old(): AsyncIterable<{ key: BlobKey; kid: string }> {
    for await (const found of this.blobs.keyIds()) if (found.kid !== this.ring.current.kid) yield found;
  }
}
