import { AuditLog } from '@app/audit';
import { sha256 } from '@app/crypto';
import { isUniqueViolation, type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Document, isFinished } from './document.entity';
import { cleanFileName, titleFromFileName } from './formats/file-name';
import type { IncomingFile } from './formats/file-identifier';
import { IngestionQueue } from './pipeline/ingestion-queue';
import { deleteChunks } from './pipeline/ingestion-record';
import { bumpKnowledgeVersion } from './pipeline/knowledge-version';
import { BlobStore } from './storage/blob-store';
import { Admission } from './upload/admission';

/** The documents of a workspace: taking them in, showing them, taking them out. */
@Injectable()
export class DocumentsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly blobs: BlobStore,
    private readonly admission: Admission,
    private readonly ingestion: IngestionQueue,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Checks a file, stores it and starts its ingestion. The order makes every crash harmless: bytes without a row are
   * swept, a row without a job is picked up by the reaper.
   *
   * @param file name and type as the sender gave them
   * @throws AppError `document.duplicate` with `existingId`, and every refusal of `Admission`
   */
  async upload(ctx: WorkspaceContext, file: IncomingFile): Promise<Document> {
    const named = { ...file, fileName: cleanFileName(file.fileName) };
    const { format } = await this.admission.admit(ctx, named);
    const digest = sha256(file.bytes);
    await this.refuseDuplicate(ctx, digest);
    const id = newId();
    await this.blobs.put({ workspaceId: ctx.workspaceId, blobId: id }, file.bytes);
    const document = await this.insert(ctx, { id, digest, file: named, mediaType: format.mediaTypes[0] ?? '' });
    await this.ingestion.add(document);
    return document;
  }

  /** Newest first. */
  list(ctx: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<Document>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    return this.db.run(ctx, async (tx) => {
      const rows = await tx.getRepository(Document).find({
        where: { workspaceId: ctx.workspaceId, ...(before && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      return toPage(rows, query.limit);
    });
  }

  /** @throws AppError `document.not-found` */
  get(ctx: WorkspaceContext, id: string): Promise<Document> {
    return this.db.run(ctx, (tx) => this.mustFind(tx, ctx, id));
  }

  /**
   * The bytes as they were uploaded.
   * @throws AppError `document.not-found`; `document.infected` for what a scanner refused; `document.not-ready` before
   *   it was scanned
   */
  async download(ctx: WorkspaceContext, id: string): Promise<{ document: Document; bytes: Buffer }> {
    const document = await this.db.run(ctx, async (tx) => {
      const found = await this.mustFind(tx, ctx, id);
      if (found.errorCode === 'document.infected') throw new AppError('document.infected');
      if (found.status === 'uploaded' || found.status === 'scanning') throw new AppError('document.not-ready');
      await this.audit.record(tx, ctx, 'document.downloaded', { documentId: id });
      return found;
    });
    return { document, bytes: await this.blobs.get({ workspaceId: ctx.workspaceId, blobId: id }) };
  }

  /** Answers stop using it at once. @throws AppError `document.not-found` */
  async remove(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const { fileName } = await this.mustFind(tx, ctx, id);
      await tx.getRepository(Document).delete({ workspaceId: ctx.workspaceId, id });
      await bumpKnowledgeVersion(tx, ctx);
      await this.audit.record(tx, ctx, 'document.deleted', { documentId: id, fileName });
    });
    // After the commit: the row is what counts, and bytes that are left behind by a crash are swept.
    await this.blobs.delete({ workspaceId: ctx.workspaceId, blobId: id });
  }

  /** Starts a failed document again from the beginning. @throws AppError `document.not-found`, `document.not-retryable` */
  async retry(ctx: WorkspaceContext, id: string): Promise<Document> {
    const document = await this.db.run(ctx, async (tx) => {
      // Locked, because `save` would insert again what somebody deletes in between.
      const found = await this.mustFind(tx, ctx, id, { isLocked: true });
      // What a scanner found is gone, and would be found again.
      if (found.status !== 'failed' || found.errorCode === 'document.infected') {
        throw new AppError('document.not-retryable');
      }
      await this.audit.record(tx, ctx, 'document.retried', { documentId: id, code: found.errorCode });
      const fresh = { status: 'uploaded', errorCode: null, attempts: 0, progressDone: 0, progressTotal: 0 } as const;
      return tx.getRepository(Document).save({ ...found, ...fresh, updatedAt: this.clock.now() });
    });
    await this.ingestion.add(document);
    return document;
  }

  /**
   * Ends the ingestion of a document; what was made of it is gone, and it may be retried. Work that is under way stops at
   * its next step.
   * @throws AppError `document.not-found`, `document.not-cancellable`
   */
  cancel(ctx: WorkspaceContext, id: string): Promise<Document> {
    return this.db.run(ctx, async (tx) => {
      const found = await this.mustFind(tx, ctx, id, { isLocked: true });
      if (isFinished(found)) throw new AppError('document.not-cancellable');
      await deleteChunks(tx, ctx, id);
      await this.audit.record(tx, ctx, 'document.cancelled', { documentId: id, status: found.status });
      const ended = { status: 'failed', errorCode: 'document.cancelled', chunkCount: 0 } as const;
      return tx.getRepository(Document).save({ ...found, ...ended, updatedAt: this.clock.now() });
    });
  }

  private async mustFind(
    tx: Tx,
    { workspaceId }: WorkspaceContext,
    id: string,
    { isLocked = false } = {},
  ): Promise<Document> {
    const document = await tx.getRepository(Document).findOne({
      where: { workspaceId, id },
      ...(isLocked && { lock: { mode: 'pessimistic_write' as const } }),
    });
    if (!document) throw new AppError('document.not-found');
    return document;
  }

  private async refuseDuplicate(ctx: WorkspaceContext, digest: Buffer): Promise<void> {
    const existing = await this.db.run(ctx, (tx) =>
      tx.getRepository(Document).findOneBy({ workspaceId: ctx.workspaceId, sha256: digest }),
    );
    if (existing) throw new AppError('document.duplicate', { existingId: existing.id });
  }

  private async insert(
    ctx: WorkspaceContext,
    { id, digest, file, mediaType }: { id: string; digest: Buffer; file: IncomingFile; mediaType: string },
  ): Promise<Document> {
    const now = this.clock.now();
    const row = {
      workspaceId: ctx.workspaceId,
      id,
      title: titleFromFileName(file.fileName),
      fileName: file.fileName,
      mediaType,
      byteSize: file.bytes.length,
      sha256: digest,
      version: 1,
      status: 'uploaded',
      progressDone: 0,
      progressTotal: 0,
      errorCode: null,
      attempts: 0,
      pageCount: null,
      chunkCount: 0,
      createdBy: ctx.actor.type === 'user' ? ctx.actor.id : null,
      createdAt: now,
      updatedAt: now,
      indexedAt: null,
    } satisfies Document;
    try {
      await this.db.run(ctx, async (tx) => {
        await tx.getRepository(Document).insert(row);
        const { fileName, byteSize } = row;
        await this.audit.record(tx, ctx, 'document.uploaded', { documentId: id, fileName, mediaType, byteSize });
      });
      return row;
    } catch (error) {
      // After any other failure the row may be there all the same (a commit whose answer was lost); the sweeper can tell.
      if (!isUniqueViolation(error)) throw error;
      await this.blobs.delete({ workspaceId: ctx.workspaceId, blobId: id });
      // Somebody sent the same bytes at the same moment and was first.
      await this.refuseDuplicate(ctx, digest);
      throw error;
    }
  }
}
