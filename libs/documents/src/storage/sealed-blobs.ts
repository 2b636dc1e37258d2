import { type KeyCounts, type KeyRing, type Rotation, SealedStore } from '@app/crypto';
import { AppError } from '@app/kernel';
import type { BlobKey } from './blob-key';
import type { ResealableBlobs } from './resealable-blobs';

/** The uploaded files that one store keeps for all workspaces, for `keys:rotate`. */
export class SealedBlobs extends SealedStore {
  constructor(
    readonly name: string,
    private readonly blobs: ResealableBlobs,
    private readonly ring: KeyRing,
  ) {
    super();
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
        const code = error instanceof AppError ? error.code : '';
        if (code === 'data.unreadable') unreadable.push(key.blobId);
        // Deleted in the meantime is no fault.
        else if (code !== 'document.not-found') throw error;
      }
    }
    return { changed, unreadable };
  }

  private async *old(): AsyncIterable<{ key: BlobKey; kid: string }> {
    for await (const found of this.blobs.keyIds()) if (found.kid !== this.ring.current.kid) yield found;
  }
}
