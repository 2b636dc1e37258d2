import { WorkspaceDb } from '@app/database';
import { Clock, systemContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { BulkUpload, OPEN_STATUSES } from '../bulk/bulk-upload.entity';
import { BlobStore } from '../storage/blob-store';
import { DocumentVersion } from '../versions/document-version.entity';

/** Bytes are stored before their row. An upload that takes longer than this between the two has crashed. */
const MIN_AGE_SECONDS = 3600;

/** Deletes stored bytes that belong to no version of a document and no archive that is worked on: an upload crashed before its row, or a deletion after it. */
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
      const { workspaceId, blobId } = key;
      const isKept = await this.db.run(
        ctx,
        async (tx) =>
          (await tx.getRepository(DocumentVersion).existsBy({ workspaceId, blobId })) ||
          (await tx.getRepository(BulkUpload).existsBy({ workspaceId, id: blobId, status: In(OPEN_STATUSES) })),
      );
      if (!isKept) await this.blobs.delete(key);
    }
  }
}
