import { sha256 } from '@app/crypto';
import { isUniqueViolation, WorkspaceDb } from '@app/database';
import { AppError, newId, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { cleanFileName } from '../formats/file-name';
import type { IncomingFile } from '../formats/file-identifier';
import { IngestionQueue } from '../pipeline/ingestion-queue';
import { DocumentQuota } from '../quota/document-quota';
import { BlobStore } from '../storage/blob-store';
import { DocumentVersion } from '../versions/document-version.entity';
import type { DocumentState } from '../versions/find-document';
import { Admission } from './admission';
import { type NewDocument, VersionRecord } from './version-record';

/** With `source`, the web source and the page of it that a new document is made of. */
export interface IntakeOptions extends NewDocument {
  /** The document this is a new version of; a new document when there is none. */
  readonly documentId?: string;
  /** What a new document is called from now on: whoever may have to ask twice finds its own under it. */
  readonly newDocumentId?: string;
  /** Whether it goes live by itself once it is indexed. Default: true. */
  readonly publishes?: boolean;
}

/**
 * The one way by which files become documents. The order makes every crash harmless: bytes without a row are swept, a row
 * without a job is picked up by the reaper.
 */
@Injectable()
export class DocumentIntake {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly blobs: BlobStore,
    private readonly admission: Admission,
    private readonly quota: DocumentQuota,
    private readonly record: VersionRecord,
    private readonly ingestion: IngestionQueue,
  ) {}

  /**
   * Checks a file, stores it and starts its ingestion.
   *
   * @param file name and type as the sender gave them
   * @throws AppError `document.duplicate` with `existingId`, `document.not-found` for the document it should be a version
   *   of, `document.too-many`, `document.storage-full`, and every refusal of `Admission`
   */
  async take(ctx: WorkspaceContext, file: IncomingFile, options: IntakeOptions = {}): Promise<DocumentState> {
    const fileName = cleanFileName(file.fileName);
    const { format } = await this.admission.admit(ctx, { ...file, fileName });
    const digest = sha256(file.bytes);
    await this.refuseDuplicate(ctx, digest);
    const isNew = options.documentId === undefined;
    await this.quota.refuseWhenFull(ctx, { documents: isNew ? 1 : 0, bytes: file.bytes.length });
    const documentId = options.documentId ?? options.newDocumentId ?? newId();
    // Two that ask under one id at the same time must not delete each other's bytes.
    const isOnlyOne = isNew && options.newDocumentId === undefined;
    const blob = { workspaceId: ctx.workspaceId, blobId: isOnlyOne ? documentId : newId() };
    await this.blobs.put(blob, file.bytes);
    try {
      const stored = {
        documentId,
        blobId: blob.blobId,
        fileName,
        mediaType: format.mediaTypes[0] ?? '',
        byteSize: file.bytes.length,
        sha256: digest,
        publishes: options.publishes ?? true,
      };
      const { place, ...state } = await this.record.add(ctx, stored, { ...options, isNew });
      await this.ingestion.add(state.newest, place);
      return state;
    } catch (error) {
      // After any other failure the row may be there all the same (a commit whose answer was lost); the sweeper can tell.
      if (!isRefused(error)) throw error;
      await this.blobs.delete(blob);
      // Somebody sent the same bytes at the same moment and was first.
      await this.refuseDuplicate(ctx, digest);
      throw error;
    }
  }

  private async refuseDuplicate(ctx: WorkspaceContext, digest: Buffer): Promise<void> {
    const existing = await this.db.run(ctx, (tx) =>
      tx.getRepository(DocumentVersion).findOneBy({ workspaceId: ctx.workspaceId, sha256: digest }),
    );
    if (existing) throw new AppError('document.duplicate', { existingId: existing.documentId });
  }
}

/** Whether it is sure that nothing was written. */
const isRefused = (error: unknown): boolean =>
  isUniqueViolation(error) || (error instanceof AppError && error.code.startsWith('document.'));
