import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Document } from '../document.entity';
import { bumpKnowledgeVersion } from '../pipeline/knowledge-version';
import { DocumentVersion, FINISHED_STATUSES, isFinished } from '../versions/document-version.entity';
import { mustFindDocument } from '../versions/find-document';
import { makeLive } from '../versions/make-live';
import type { Source } from './source.entity';
import { isKnownCode } from './known-code';

/** A version of a document, found by its content. */
export interface Content {
  readonly documentId: string;
  readonly sha256: Buffer;
}

export interface Shown {
  readonly version: number;
  /** Answers came from another version before. */
  readonly wasOther: boolean;
}

/** What a source does with its documents besides taking them in: which version is answered from, or none. */
@Injectable()
export class PageDocuments {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** The document that was made of a page, by the page's own address. */
  ofPage(ctx: WorkspaceContext, { id: sourceId }: Source, sourceUrl: string): Promise<Document | null> {
    const { workspaceId } = ctx;
    return this.db.run(ctx, (tx) => tx.getRepository(Document).findOneBy({ workspaceId, sourceId, sourceUrl }));
  }

  /**
   * Answers come from this content from now on, or as soon as it was read; newer ones that are still being read do not
   * overtake it.
   * @param sourceUrl the document is the one of this page from now on
   * @throws AppError `document.not-found`, `document.version-not-found`; the version's own code when it could not be read or
   *   is in quarantine
   */
  show(ctx: WorkspaceContext, { documentId, sha256 }: Content, sourceUrl?: string): Promise<Shown> {
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const found = await mustFindDocument(tx, ctx, documentId, { isLocked: true });
      const document = sourceUrl === undefined ? found : await tx.getRepository(Document).save({ ...found, sourceUrl });
      const version = await tx.getRepository(DocumentVersion).findOneBy({ workspaceId, documentId, sha256 });
      if (!version) throw new AppError('document.version-not-found');
      if (isFinished(version) && version.status !== 'indexed') {
        throw new AppError(isKnownCode(version.errorCode) ? version.errorCode : 'document.processing-failed');
      }
      await publishOnly(tx, version);
      const [previous, number] = [document.liveVersion, version.version];
      const isReady = version.status === 'indexed' && previous !== number;
      if (isReady) {
        await makeLive(tx, document, version, this.clock.now());
        await this.audit.record(tx, ctx, 'document.published', { documentId, version: number, previous });
      }
      return { version: number, wasOther: previous !== null && previous !== number };
    });
  }

  /** Whether answers come, or will come, from this content. */
  async isShown(
    ctx: WorkspaceContext,
    { documentId, sha256 }: Content,
  ): Promise<{ isShown: boolean; version: number }> {
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      // Held, or ingestion could end between the two questions, and the answer to both be no.
      const document = await mustFindDocument(tx, ctx, documentId, { isLocked: true });
      const version = await tx.getRepository(DocumentVersion).findOneBy({ workspaceId, documentId, sha256 });
      const isComing = version !== null && !isFinished(version) && version.publishes;
      const isShown = isComing || (version !== null && version.version === document.liveVersion);
      return { isShown, version: version?.version ?? 0 };
    });
  }

  /** Part of a transaction: answers do not come from the document any more. It stays, with its versions. */
  async withdraw(tx: Tx, ctx: WorkspaceContext, documentId: string): Promise<void> {
    const { workspaceId } = ctx;
    const document = await mustFindDocument(tx, ctx, documentId, { isLocked: true });
    await publishOnly(tx, { workspaceId, documentId, version: 0 });
    if (document.liveVersion === null) return;
    await tx.getRepository(Document).save({ ...document, liveVersion: null, updatedAt: this.clock.now() });
    await bumpKnowledgeVersion(tx, ctx);
    await this.audit.record(tx, ctx, 'document.withdrawn', { documentId, version: document.liveVersion });
  }
}

/** Of the versions that are still being read, only this one goes live. */
async function publishOnly(
  tx: Tx,
  { workspaceId, documentId, version }: Pick<DocumentVersion, 'workspaceId' | 'documentId' | 'version'>,
): Promise<void> {
  await tx.query(
    `update document_versions set publishes = (version = $3)
     where workspace_id = $1 and document_id = $2 and not (status = any($4)) and publishes <> (version = $3)`,
    [workspaceId, documentId, version, FINISHED_STATUSES],
  );
}
