import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { BlobStore } from '../storage/blob-store';
import type { Document } from '../document.entity';
import { DocumentVersion } from './document-version.entity';
import { type DocumentState, mustFindDocument, mustFindState, mustFindVersion } from './find-document';
import { makeLive } from './make-live';
import { type DiffedChunk, diffVersions, type VersionDiff } from './version-diff';

/** What became of a document over time, and which of it is answered from. */
@Injectable()
export class DocumentVersions {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly blobs: BlobStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Newest first; all that are kept, about ten. @throws AppError `document.not-found` */
  list(ctx: WorkspaceContext, documentId: string): Promise<{ document: Document; versions: DocumentVersion[] }> {
    return this.db.run(ctx, async (tx) => {
      const document = await mustFindDocument(tx, ctx, documentId);
      const versions = await tx
        .getRepository(DocumentVersion)
        .find({ where: { workspaceId: ctx.workspaceId, documentId }, order: { version: 'DESC' } });
      return { document, versions };
    });
  }

  /**
   * The bytes as they were uploaded.
   * @param version the newest when it is not given
   * @throws AppError `document.not-found`, `document.version-not-found`; `document.infected` for what a scanner holds
   *   against it; `document.not-ready` while no scan has let it through
   */
  async download(
    ctx: WorkspaceContext,
    documentId: string,
    version?: number,
  ): Promise<{ version: DocumentVersion; bytes: Buffer }> {
    const found = await this.db.run(ctx, async (tx) => {
      const document = await mustFindDocument(tx, ctx, documentId);
      const wanted = await mustFindVersion(tx, ctx, { documentId, version: version ?? document.newestVersion });
      if (wanted.errorCode === 'document.infected') throw new AppError('document.infected');
      if (!isCleared(wanted)) throw new AppError('document.not-ready');
      await this.audit.record(tx, ctx, 'document.downloaded', { documentId, version: wanted.version });
      return wanted;
    });
    return { version: found, bytes: await this.blobs.get({ workspaceId: ctx.workspaceId, blobId: found.blobId }) };
  }

  /**
   * Answers come from this version from now on, whether it is newer or older than the live one.
   * @throws AppError `document.not-found`, `document.version-not-found`, `document.version-quarantined`,
   *   `document.not-ready` when it is not indexed
   */
  publish(ctx: WorkspaceContext, documentId: string, version: number): Promise<DocumentState> {
    return this.db.run(ctx, async (tx) => {
      const document = await mustFindDocument(tx, ctx, documentId, { isLocked: true });
      return this.goLive(tx, ctx, document, await mustFindVersion(tx, ctx, { documentId, version }));
    });
  }

  /**
   * Answers come from the version before the live one again.
   * @throws AppError `document.not-found`, `document.nothing-to-roll-back`
   */
  rollBack(ctx: WorkspaceContext, documentId: string): Promise<DocumentState> {
    return this.db.run(ctx, async (tx) => {
      const document = await mustFindDocument(tx, ctx, documentId, { isLocked: true });
      const before = await tx
        .getRepository(DocumentVersion)
        .createQueryBuilder('v')
        .where('v.workspaceId = :workspaceId and v.documentId = :documentId', {
          workspaceId: ctx.workspaceId,
          documentId,
        })
        .andWhere(`v.status = 'indexed' and v.version < :live`, { live: document.liveVersion ?? 0 })
        .orderBy('v.version', 'DESC')
        .getOne();
      if (!before) throw new AppError('document.nothing-to-roll-back');
      return this.goLive(tx, ctx, document, before);
    });
  }

  /** @throws AppError `document.not-found`, `document.version-not-found`, `document.not-ready` when one is not indexed */
  async compare(
    ctx: WorkspaceContext,
    documentId: string,
    { from, to }: { from: number; to: number },
  ): Promise<VersionDiff> {
    const [before = [], after = []] = await this.db.run(ctx, async (tx) => {
      await mustFindDocument(tx, ctx, documentId);
      return [await indexedText(tx, ctx, documentId, from), await indexedText(tx, ctx, documentId, to)];
    });
    return diffVersions(before, after);
  }

  private async goLive(
    tx: Tx,
    ctx: WorkspaceContext,
    document: Document,
    version: DocumentVersion,
  ): Promise<DocumentState> {
    if (version.status === 'quarantined') throw new AppError('document.version-quarantined');
    if (version.status !== 'indexed') throw new AppError('document.not-ready');
    if (document.liveVersion === version.version) return mustFindState(tx, ctx, document.id);
    const [documentId, previous] = [document.id, document.liveVersion];
    await makeLive(tx, document, version, this.clock.now());
    await this.audit.record(tx, ctx, 'document.published', { documentId, version: version.version, previous });
    return mustFindState(tx, ctx, documentId);
  }
}

async function indexedText(tx: Tx, ctx: WorkspaceContext, documentId: string, version: number): Promise<DiffedChunk[]> {
  const { status } = await mustFindVersion(tx, ctx, { documentId, version });
  if (status !== 'indexed') throw new AppError('document.not-ready');
  return tx.query<DiffedChunk[]>(
    `select heading_path as "headingPath", text from chunks
     where workspace_id = $1 and document_id = $2 and version = $3 order by ordinal`,
    [ctx.workspaceId, documentId, version],
  );
}

/** Whether a scan let it through, whatever became of it afterwards. */
const isCleared = ({ status, scannedAt }: DocumentVersion): boolean =>
  scannedAt !== null && status !== 'uploaded' && status !== 'scanning';
