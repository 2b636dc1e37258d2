import { AppError, systemContext, type WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { BlobStore } from '../storage/blob-store';
import { SnippetLines } from '../transfer/snippet-lines';
import { type ArchiveDirectory, openArchive } from './archive-listing';
import type { BulkUpload } from './bulk-upload.entity';
import type { BulkJob } from './bulk-queue';
import { BulkRecord } from './bulk-record';
import { LineTaker, refused } from './line-taker.service';

/** Attempts in which no file gets done before the file they stop at is given up: a crash counts too. */
export const MAX_ATTEMPTS = 5;

/**
 * Takes the lines of an archive, one after the other. Every line has a row before this begins, and its row's
 * id is its document's: so another run goes on behind the last row that was decided, and makes nothing twice.
 */
@Injectable()
export class BulkUnpacker {
  private readonly logger = new Logger(BulkUnpacker.name);

  constructor(
    private readonly record: BulkRecord,
    private readonly blobs: BlobStore,
    private readonly lines: LineTaker,
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
  private async open(ctx: WorkspaceContext, upload: BulkUpload): Promise<ArchiveDirectory | null> {
    try {
      const bytes = await this.blobs.get({ workspaceId: upload.workspaceId, blobId: upload.id });
      return await openArchive(bytes, this.options.config.maxFileBytes);
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
    { id: bulkUploadId, attempts }: BulkUpload,
    directory: ArchiveDirectory,
    signal: AbortSignal,
  ): Promise<boolean> {
    // The line at which work stopped again and again: it goes alone.
    let isPoisoned = attempts > MAX_ATTEMPTS;
    const snippetLines = linesOf(directory);
    try {
      for (;;) {
        const lines = await this.record.waiting(ctx, bulkUploadId);
        if (lines.length === 0) return true;
        for (const line of lines) {
          signal.throwIfAborted();
          const decision = isPoisoned
            ? refused('document.processing-failed')
            : await this.lines.take(ctx, { bulkUploadId, directory, snippetLines }, line);
          isPoisoned = false;
          if (!(await this.record.decide(ctx, { bulkUploadId, fileId: line.id }, decision))) return false;
        }
      }
    } finally {
      await snippetLines?.close();
    }
  }
}

const linesOf = ({ zip, transfer }: ArchiveDirectory): SnippetLines | null =>
  transfer?.snippets ? new SnippetLines(zip, transfer.snippets.entry) : null;

/** A service that is needed is away, which is nobody's fault. */
const isOutage = (error: unknown): boolean => error instanceof AppError && error.code.startsWith('service.');

/** What is done here is done for whoever sent the archive. */
function senderOf({ workspaceId, actorType: type, actorId: id }: BulkUpload): WorkspaceContext {
  return type === 'system' || id === null ? systemContext(workspaceId) : { workspaceId, actor: { type, id } };
}
