import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import type { IncomingFile } from '../formats/file-identifier';
import { BlobStore } from '../storage/blob-store';
import { BulkIntake } from './bulk-intake.service';
import { findLocked } from './bulk-record';
import { type BulkUploadCounts, countFiles } from './bulk-upload-counts';
import { BulkUpload, isOpen } from './bulk-upload.entity';

export interface BulkUploadState {
  readonly upload: BulkUpload;
  readonly counts: BulkUploadCounts;
}

/** Archives of many files: taking them in, showing how far they have come, ending them. */
@Injectable()
export class BulkUploads {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly blobs: BlobStore,
    private readonly intake: BulkIntake,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** As `BulkIntake.take`. */
  async upload(ctx: WorkspaceContext, archive: IncomingFile): Promise<BulkUploadState> {
    return this.get(ctx, await this.intake.take(ctx, archive));
  }

  /** Newest first. */
  list(
    ctx: WorkspaceContext,
    query: { limit: number; cursor?: string },
  ): Promise<Page<BulkUploadState & { id: string }>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const uploads = await tx.getRepository(BulkUpload).find({
        where: { workspaceId, ...(before && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      const ids = uploads.map(({ id }) => id);
      const counts = await countFiles(tx, ctx, ids);
      return toPage(
        uploads.map((upload) => ({ id: upload.id, upload, counts: counts.of(upload.id) })),
        query.limit,
      );
    });
  }

  /** @throws AppError `bulk-upload.not-found` */
  get(ctx: WorkspaceContext, id: string): Promise<BulkUploadState> {
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) =>
      withCounts(tx, ctx, await tx.getRepository(BulkUpload).findOneBy({ workspaceId, id })),
    );
  }

  /**
   * No more files are taken. Documents that were made before go on; each can be cancelled or deleted like any other.
   * @throws AppError `bulk-upload.not-found`, `bulk-upload.not-cancellable`
   */
  async cancel(ctx: WorkspaceContext, id: string): Promise<BulkUploadState> {
    const { workspaceId } = ctx;
    const state = await this.db.run(ctx, async (tx) => {
      const upload = await findLocked(tx, ctx, id);
      if (upload && !isOpen(upload)) throw new AppError('bulk-upload.not-cancellable');
      const ended = { status: 'cancelled', endedAt: this.clock.now() } as const;
      const cancelled = upload && (await tx.getRepository(BulkUpload).save({ ...upload, ...ended }));
      await tx.query(
        `update bulk_upload_files set outcome = 'cancelled'
         where workspace_id = $1 and bulk_upload_id = $2 and outcome = 'waiting'`,
        [workspaceId, id],
      );
      const found = await withCounts(tx, ctx, cancelled);
      await this.audit.record(tx, ctx, 'bulk-upload.cancelled', {
        bulkUploadId: id,
        files: found.counts.files.cancelled,
        snippets: found.counts.snippets.cancelled,
      });
      return found;
    });
    // After the commit: a crash in between leaves bytes that are swept.
    await this.blobs.delete({ workspaceId, blobId: id });
    return state;
  }
}

async function withCounts(tx: Tx, ctx: WorkspaceContext, upload: BulkUpload | null): Promise<BulkUploadState> {
  if (!upload) throw new AppError('bulk-upload.not-found');
  return { upload, counts: (await countFiles(tx, ctx, [upload.id])).of(upload.id) };
}
