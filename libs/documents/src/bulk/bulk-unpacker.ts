import { AppError, type ErrorCode, systemContext, type WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { inflateEntry, type ZipDirectory } from '../formats/zip-container';
import { BlobStore } from '../storage/blob-store';
import { DocumentIntake } from '../upload/document-intake.service';
import { openArchive } from './archive-listing';
import type { FileDecision, WaitingFile } from './bulk-upload-file';
import type { BulkUpload } from './bulk-upload.entity';
import type { BulkJob } from './bulk-queue';
import { BulkRecord, type FileKey } from './bulk-record';

/** Attempts in which no file gets done before the file they stop at is given up: a crash counts too. */
export const MAX_ATTEMPTS = 5;

/**
 * Gives the files of an archive to the intake, one after the other. Every file has a row before this begins, and its row's
 * id is its document's: so another run goes on behind the last row that was decided, and makes nothing twice.
 */
@Injectable()
export class BulkUnpacker {
  private readonly logger = new Logger(BulkUnpacker.name);

  constructor(
    private readonly record: BulkRecord,
    private readonly blobs: BlobStore,
    private readonly intake: DocumentIntake,
    private readonly options: DocumentsOptions,
  ) {}

  /**
   * Resolves when every file was decided on, the archive cannot be read any more, or it was cancelled. Rejects when another
   * attempt may succeed; the queue makes it.
   */
  async run({ workspaceId, bulkUploadId }: BulkJob, signal: AbortSignal): Promise<void> {
    const upload = await this.record.begin(systemContext(workspaceId), bulkUploadId);
    if (!upload) return;
    const ctx = senderOf(upload);
    try {
      const directory = await this.open(ctx, upload);
      if (directory && (await this.unpack(ctx, upload, directory, signal))) await this.record.finish(ctx, upload.id);
    } catch (error) {
      if (signal.aborted || isOutage(error)) await this.record.takeBackAttempt(ctx, upload.id);
      throw error;
    }
    await this.blobs.delete({ workspaceId, blobId: bulkUploadId });
  }

  /** Null when it will never be read, which is on record then. */
  private async open(ctx: WorkspaceContext, upload: BulkUpload): Promise<ZipDirectory | null> {
    try {
      const bytes = await this.blobs.get({ workspaceId: upload.workspaceId, blobId: upload.id });
      return await openArchive(bytes);
    } catch (error) {
      const mayPass = !(error instanceof AppError) && upload.attempts <= MAX_ATTEMPTS;
      if (mayPass || isOutage(error)) throw error;
      this.logger.warn({ err: error, bulkUploadId: upload.id }, 'An archive cannot be read any more');
      await this.record.fail(ctx, upload.id, 'data.unreadable');
      return null;
    }
  }

  /** @returns whether nobody cancelled it in between */
  private async unpack(
    ctx: WorkspaceContext,
    { id, attempts }: BulkUpload,
    directory: ZipDirectory,
    signal: AbortSignal,
  ): Promise<boolean> {
    // The file at which work stopped again and again: it goes alone.
    let isPoisoned = attempts > MAX_ATTEMPTS;
    for (;;) {
      const files = await this.record.waiting(ctx, id);
      if (files.length === 0) return true;
      for (const file of files) {
        signal.throwIfAborted();
        const key = { bulkUploadId: id, fileId: file.id };
        const decision = isPoisoned
          ? refused('document.processing-failed')
          : await this.take(ctx, key, file, directory);
        isPoisoned = false;
        if (!(await this.record.decide(ctx, key, decision))) return false;
      }
    }
  }

  /** Rejects when it could not be decided on. */
  private async take(
    ctx: WorkspaceContext,
    key: FileKey,
    file: WaitingFile,
    directory: ZipDirectory,
  ): Promise<FileDecision> {
    try {
      const bytes = await this.bytesOf(file, directory);
      const incoming = { fileName: file.path, mediaType: '', bytes };
      const { document } = await this.intake.take(ctx, incoming, {
        newDocumentId: file.id,
        folder: folderOf(file.path),
        alongside: (tx) => this.record.accept(tx, ctx, key),
      });
      return accepted(document.id);
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('document.')) throw error;
      if (error.code !== 'document.duplicate') return refused(error.code);
      const { existingId = null } = error.options;
      // Another worker at the same archive took it.
      if (existingId === file.id) return accepted(file.id);
      return { outcome: 'duplicate', errorCode: error.code, documentId: existingId };
    }
  }

  private bytesOf({ ordinal }: WaitingFile, { zip, entries }: ZipDirectory): Promise<Buffer> {
    const entry = entries[ordinal];
    if (!entry) throw new AppError('document.corrupt');
    const { maxFileBytes } = this.options.config;
    if (entry.uncompressedSize > maxFileBytes) throw new AppError('document.too-large');
    return inflateEntry(zip, entry, maxFileBytes);
  }
}

/** Null for what lies in none. */
const folderOf = (path: string): string | null => path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || null;

const accepted = (documentId: string): FileDecision => ({ outcome: 'accepted', errorCode: null, documentId });
const refused = (errorCode: ErrorCode): FileDecision => ({ outcome: 'refused', errorCode, documentId: null });

/** A service that is needed is away, which is nobody's fault. */
const isOutage = (error: unknown): boolean => error instanceof AppError && error.code.startsWith('service.');

/** What is done here is done for whoever sent the archive. */
function senderOf({ workspaceId, actorType: type, actorId: id }: BulkUpload): WorkspaceContext {
  return type === 'system' || id === null ? systemContext(workspaceId) : { workspaceId, actor: { type, id } };
}
