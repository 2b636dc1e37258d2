import { WorkspaceDb } from '@app/database';
import { Clock, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Document } from '../document.entity';
import { BlobStore } from '../storage/blob-store';

/** Bytes are stored before their row. An upload that takes longer than this between the two has crashed. */
const MIN_AGE_SECONDS = 3600;

/** Deletes stored bytes that belong to no document: an upload crashed before its row, or a deletion after it. */
@Injectable()
export class BlobSweeper {
  constructor(
    private readonly blobs: BlobStore,
    private readonly db: WorkspaceDb,
    private readonly clock: Clock,
  ) {}

  async sweep(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - MIN_AGE_SECONDS * 1000);
    for await (const key of this.blobs.list(before)) {
      const ctx = systemContext(key.workspaceId);
      const isKept = await this.db.run(ctx, (tx) =>
        tx.getRepository(Document).existsBy({ workspaceId: key.workspaceId, id: key.blobId }),
      );
      if (!isKept) await this.blobs.delete(key);
    }
  }
}
