import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Document } from './document.entity';
import type { IncomingFile } from './formats/file-identifier';
import { IngestionQueue, placeInLine } from './pipeline/ingestion-queue';
import { deleteChunks } from './pipeline/chunk-rows';
import { bumpKnowledgeVersion } from './pipeline/knowledge-version';
import { BlobStore } from './storage/blob-store';
import { DocumentIntake, type IntakeOptions } from './upload/document-intake.service';
import { DocumentVersion, isFinished } from './versions/document-version.entity';
import { type DocumentState, mustFindState } from './versions/find-document';

/** The documents of a workspace: taking them in, showing them, taking them out. */
@Injectable()
export class DocumentsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly blobs: BlobStore,
    private readonly intake: DocumentIntake,
    private readonly ingestion: IngestionQueue,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** As `DocumentIntake.take`. */
  upload(ctx: WorkspaceContext, file: IncomingFile, options?: IntakeOptions): Promise<DocumentState> {
    return this.intake.take(ctx, file, options);
  }

  /** Newest first. */
  list(
    ctx: WorkspaceContext,
    query: { limit: number; cursor?: string },
  ): Promise<Page<DocumentState & { id: string }>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const documents = await tx.getRepository(Document).find({
        where: { workspaceId, kind: 'file', ...(before && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      const states = await withNewest(tx, ctx, documents);
      return toPage(
        states.map((state) => ({ ...state, id: state.document.id })),
        query.limit,
      );
    });
  }

  /** @throws AppError `document.not-found` */
  get(ctx: WorkspaceContext, id: string): Promise<DocumentState> {
    return this.db.run(ctx, (tx) => mustFindState(tx, ctx, id));
  }

  /** Answers stop using it at once. @throws AppError `document.not-found` */
  async remove(ctx: WorkspaceContext, id: string): Promise<void> {
    const { workspaceId } = ctx;
    const blobIds = await this.db.run(ctx, async (tx) => {
      const { newest } = await mustFindState(tx, ctx, id, { isLocked: true });
      const versions = await tx.getRepository(DocumentVersion).findBy({ workspaceId, documentId: id });
      await tx.getRepository(Document).delete({ workspaceId, id });
      await bumpKnowledgeVersion(tx, ctx);
      await this.audit.record(tx, ctx, 'document.deleted', { documentId: id, fileName: newest.fileName });
      return versions.map(({ blobId }) => blobId);
    });
    // After the commit: the row is what counts, and bytes that are left behind by a crash are swept.
    for (const blobId of blobIds) await this.blobs.delete({ workspaceId, blobId });
  }

  /**
   * Starts the newest version again from the beginning, when it failed.
   * @throws AppError `document.not-found`, `document.not-retryable`
   */
  async retry(ctx: WorkspaceContext, id: string): Promise<DocumentState> {
    const { place, ...state } = await this.db.run(ctx, async (tx) => {
      const { document, newest: found } = await mustFindState(tx, ctx, id, { isLocked: true });
      // The bytes of what earlier releases found infected are gone.
      if (found.status !== 'failed' || found.errorCode === 'document.infected') {
        throw new AppError('document.not-retryable');
      }
      await this.audit.record(tx, ctx, 'document.retried', { documentId: id, code: found.errorCode });
      const fresh = { status: 'uploaded', errorCode: null, attempts: 0, progressDone: 0, progressTotal: 0 } as const;
      const newest = await this.save(tx, { ...found, ...fresh });
      return { document, newest, place: await placeInLine(tx, ctx) };
    });
    await this.ingestion.add(state.newest, place);
    return state;
  }

  /**
   * Ends the ingestion of the newest version; what was made of it is gone, and it may be retried. Work that is under way
   * stops at its next step. A live version before it goes on answering.
   * @throws AppError `document.not-found`, `document.not-cancellable`
   */
  cancel(ctx: WorkspaceContext, id: string): Promise<DocumentState> {
    return this.db.run(ctx, async (tx) => {
      const { document, newest: found } = await mustFindState(tx, ctx, id, { isLocked: true });
      if (isFinished(found)) throw new AppError('document.not-cancellable');
      const ended = { status: 'failed', errorCode: 'document.cancelled', chunkCount: 0 } as const;
      const newest = await this.save(tx, { ...found, ...ended });
      await deleteChunks(tx, newest);
      await this.audit.record(tx, ctx, 'document.cancelled', { documentId: id, status: found.status });
      return { document, newest };
    });
  }

  /** The document is locked, so `save` inserts nothing again that somebody deletes in between. */
  private save(tx: Tx, version: DocumentVersion): Promise<DocumentVersion> {
    return tx.getRepository(DocumentVersion).save({ ...version, updatedAt: this.clock.now() });
  }
}

async function withNewest(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  documents: readonly Document[],
): Promise<DocumentState[]> {
  const newest = await tx
    .getRepository(DocumentVersion)
    .createQueryBuilder('v')
    .innerJoin(Document, 'd', 'd.workspaceId = v.workspaceId and d.id = v.documentId and d.newestVersion = v.version')
    .where('v.workspaceId = :workspaceId and v.documentId = any(:ids)', {
      workspaceId,
      ids: documents.map(({ id }) => id),
    })
    .getMany();
  const byDocument = new Map(newest.map((version) => [version.documentId, version]));
  return documents.flatMap((document) => {
    const found = byDocument.get(document.id);
    return found ? [{ document, newest: found }] : [];
  });
}
