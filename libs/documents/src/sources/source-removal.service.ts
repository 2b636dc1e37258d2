import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Document } from '../document.entity';
import { bumpKnowledgeVersion } from '../pipeline/knowledge-version';
import { BlobStore } from '../storage/blob-store';
import { DocumentVersion } from '../versions/document-version.entity';
import { findRunning, mustFindSource } from './find-source';
import { Source } from './source.entity';
import { SourceRun } from './source-run.entity';
import { keyOf } from './sync-record';

/** Documents deleted in one transaction: small enough that nobody waits long for it. */
const BATCH = 50;

/** Deletes sources, with or without the documents that were made of them. */
@Injectable()
export class SourceRemoval {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly blobs: BlobStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends its sync, takes its documents out of the answers in steps, and then it is gone. May be called again when it did
   * not come to its end. Kept documents are ordinary ones from then on and still say which page they were made of.
   * @throws AppError `source.not-found`
   */
  async remove(ctx: WorkspaceContext, id: string, documents: 'keep' | 'delete' = 'delete'): Promise<void> {
    await this.db.run(ctx, (tx) => this.stop(tx, ctx, id));
    for (let isGone = false; !isGone;) {
      const step = await this.db.run(ctx, (tx) => this.step(tx, ctx, id, documents));
      isGone = step.isGone;
      // After the commit; bytes that are left behind by a crash are swept.
      for (const blobId of step.blobIds) await this.blobs.delete({ workspaceId: ctx.workspaceId, blobId });
    }
  }

  private async stop(tx: Tx, ctx: WorkspaceContext, id: string): Promise<void> {
    const source = await mustFindSource(tx, ctx, id, { isLocked: true });
    const run = await findRunning(tx, source);
    const ended = { status: 'cancelled', waiting: 0, endedAt: this.clock.now() } as const;
    if (run) await tx.getRepository(SourceRun).update(keyOf(run), ended);
    await tx.getRepository(Source).update(keyOf(source), { nextSyncAt: null });
  }

  private async step(
    tx: Tx,
    ctx: WorkspaceContext,
    id: string,
    documents: 'keep' | 'delete',
  ): Promise<{ isGone: boolean; blobIds: string[] }> {
    const source = await mustFindSource(tx, ctx, id, { isLocked: true });
    const { workspaceId } = ctx;
    const own = { workspaceId, sourceId: id };
    const batch = documents === 'keep' ? [] : await tx.getRepository(Document).find({ where: own, take: BATCH });
    if (batch.length > 0) return { isGone: false, blobIds: await this.deleteDocuments(tx, ctx, batch) };
    const kept = await tx.getRepository(Document).countBy(own);
    await tx.getRepository(Source).delete(keyOf(source));
    await this.audit.record(tx, ctx, 'source.deleted', { sourceId: id, url: source.url, keptDocuments: kept });
    return { isGone: true, blobIds: [] };
  }

  private async deleteDocuments(tx: Tx, ctx: WorkspaceContext, batch: readonly Document[]): Promise<string[]> {
    const { workspaceId } = ctx;
    const ids = In(batch.map(({ id }) => id));
    const versions = await tx.getRepository(DocumentVersion).findBy({ workspaceId, documentId: ids });
    await tx.getRepository(Document).delete({ workspaceId, id: ids });
    await bumpKnowledgeVersion(tx, ctx);
    for (const { id, newestVersion } of batch) {
      const newest = versions.find(({ documentId, version }) => documentId === id && version === newestVersion);
      await this.audit.record(tx, ctx, 'document.deleted', { documentId: id, fileName: newest?.fileName ?? '' });
    }
    return versions.map(({ blobId }) => blobId);
  }
}
