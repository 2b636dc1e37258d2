import { AuditLog } from '@app/audit';
import { AppError, Clock, newId, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import type { IncomingFile } from '../formats/file-identifier';
import { cleanFileName } from '../formats/file-name';
import { BlobStore } from '../storage/blob-store';
import { type ArchiveListing, listArchive } from './archive-listing';
import { BulkQueue } from './bulk-queue';
import { BulkRecord } from './bulk-record';
import { BulkUpload } from './bulk-upload.entity';

/** Takes archives in. Bytes without a row are swept, a row without a job is picked up by the reaper. */
@Injectable()
export class BulkIntake {
  constructor(
    private readonly blobs: BlobStore,
    private readonly record: BulkRecord,
    private readonly queue: BulkQueue,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly options: DocumentsOptions,
  ) {}

  /**
   * Checks an archive by its directory, stores it, writes down its files and has it unpacked.
   * @returns the id of the bulk upload
   * @throws AppError `bulk-upload.too-many`, and those of `listArchive`
   */
  async take(ctx: WorkspaceContext, archive: IncomingFile): Promise<string> {
    const listing = await this.list(ctx, archive.bytes);
    const upload = this.newUpload(ctx, archive, listing);
    const blob = { workspaceId: ctx.workspaceId, blobId: upload.id };
    await this.blobs.put(blob, archive.bytes);
    const place = await this.record.add(ctx, upload, listing.files).catch(async (error: unknown) => {
      // After another failure the row may be there all the same; the sweeper can tell.
      if (error instanceof AppError && error.code === 'bulk-upload.too-many') await this.blobs.delete(blob);
      throw error;
    });
    await this.queue.add({ workspaceId: ctx.workspaceId, bulkUploadId: upload.id }, place);
    return upload.id;
  }

  private async list(ctx: WorkspaceContext, bytes: Buffer): Promise<ArchiveListing> {
    try {
      return await listArchive(bytes, this.options.config.maxFileBytes);
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal.error';
      await this.audit.recordAlone(ctx, 'bulk-upload.refused', { code, byteSize: bytes.length });
      throw error;
    }
  }

  private newUpload(
    { workspaceId, actor }: WorkspaceContext,
    { fileName, bytes }: IncomingFile,
    { skippedCount }: ArchiveListing,
  ): BulkUpload {
    if (actor.type === 'visitor') throw new Error('Visitors upload nothing');
    return {
      workspaceId,
      id: newId(),
      fileName: cleanFileName(fileName),
      byteSize: bytes.length,
      status: 'waiting',
      errorCode: null,
      attempts: 0,
      skippedCount,
      actorType: actor.type,
      actorId: actor.type === 'system' ? null : actor.id,
      createdAt: this.clock.now(),
      endedAt: null,
    };
  }
}
