import { AppError, Clock, SystemClock } from '@app/kernel';
import type { BlobKey } from '../storage/blob-key';
import { BlobStore } from '../storage/blob-store';

export class MemoryBlobStore extends BlobStore {
  private readonly blobs = new Map<string, { key: BlobKey; bytes: Buffer; storedAt: Date }>();

  constructor(private readonly clock: Clock = new SystemClock()) {
    super();
  }

  async put(key: BlobKey, bytes: Buffer): Promise<void> {
    this.blobs.set(nameOf(key), { key, bytes: Buffer.from(bytes), storedAt: this.clock.now() });
  }

  async get(key: BlobKey): Promise<Buffer> {
    const blob = this.blobs.get(nameOf(key));
    if (!blob) throw new AppError('document.not-found');
    return Buffer.from(blob.bytes);
  }

  async delete(key: BlobKey): Promise<void> {
    this.blobs.delete(nameOf(key));
  }

  async *list(before: Date): AsyncIterable<BlobKey> {
    for (const { key, storedAt } of this.blobs.values()) if (storedAt < before) yield key;
  }
}

const nameOf = ({ workspaceId, blobId }: BlobKey): string => `${workspaceId}/${blobId}`;
