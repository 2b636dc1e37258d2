import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Document } from '../document.entity';
import { titleFromFileName } from '../formats/file-name';
import { placeInLine } from '../pipeline/ingestion-queue';
import { DocumentQuota } from '../quota/document-quota';
import { DocumentVersion } from '../versions/document-version.entity';
import { type DocumentState, mustFindDocument } from '../versions/find-document';
import { forgetOldVersions } from '../versions/make-live';

/** What is known of a file that was stored and has no row yet. */
export type StoredFile = Pick<
  DocumentVersion,
  'documentId' | 'blobId' | 'fileName' | 'mediaType' | 'byteSize' | 'sha256' | 'publishes'
>;

/** The page of a web source that a document is made of. */
interface PageOrigin {
  /** The source's. */
  readonly id: string;
  readonly url: string;
}

/** What is known of a new document beside its file. */
export interface NewDocument {
  /** What keeps it up to date. */
  readonly source?: PageOrigin;
  /** As in `Document`. */
  readonly folder?: string | null;
  /** The same, for a page that no source of this workspace keeps up to date. */
  readonly sourceUrl?: string | null;
  /** What it is called whatever its file says; at most 200 characters on one line. */
  readonly title?: string | null;
  /** Part of the transaction that writes the document down: what it throws keeps it from being made. */
  readonly alongside?: (tx: Tx) => Promise<void>;
}

/** Writes down a new document, or a new version of one. */
@Injectable()
export class VersionRecord {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly quota: DocumentQuota,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /**
   * One transaction: within the quota, or nothing.
   * @returns with its place in line for ingestion
   * @throws AppError `document.not-found`, `document.too-many`, `document.storage-full`; a unique violation for bytes that
   *   are there already
   */
  add(
    ctx: WorkspaceContext,
    file: StoredFile,
    { isNew, ...facts }: NewDocument & { isNew: boolean },
  ): Promise<DocumentState & { place: number }> {
    return this.db.run(ctx, async (tx) => {
      const { documentId, byteSize, fileName, mediaType } = file;
      // Before the quota is held, like everybody who locks both; the new row refers to the source, which locks it too.
      if (facts.source) await holdSource(tx, ctx, facts.source);
      const existing = isNew ? null : await mustFindDocument(tx, ctx, documentId, { isLocked: true });
      await this.quota.hold(tx, ctx, { documents: existing ? 0 : 1, bytes: byteSize });
      const newest = this.newVersion(
        ctx,
        { ...file, givenTitle: facts.title ?? null },
        (existing?.newestVersion ?? 0) + 1,
      );
      const document = await saveDocument(tx, existing, newest, facts);
      await tx.getRepository(DocumentVersion).insert(newest);
      await forgetOldVersions(tx, document);
      await facts.alongside?.(tx);
      const uploaded = { documentId, version: newest.version, fileName, mediaType, byteSize };
      await this.audit.record(tx, ctx, 'document.uploaded', uploaded);
      return { document, newest, place: await placeInLine(tx, ctx) };
    });
  }

  private newVersion(
    { workspaceId, actor }: WorkspaceContext,
    file: StoredFile & Pick<DocumentVersion, 'givenTitle'>,
    version: number,
  ): DocumentVersion {
    const now = this.clock.now();
    return {
      ...file,
      workspaceId,
      version,
      title: file.givenTitle ?? titleFromFileName(file.fileName),
      status: 'uploaded',
      progressDone: 0,
      progressTotal: 0,
      errorCode: null,
      findings: [],
      notices: [],
      noticeCount: 0,
      acceptedCodes: [],
      attempts: 0,
      pageCount: null,
      chunkCount: 0,
      createdBy: actor.type === 'user' ? actor.id : null,
      createdAt: now,
      updatedAt: now,
      scannedAt: null,
      indexedAt: null,
      embeddedAt: null,
      vectorModel: null,
      prefixVersion: null,
    };
  }
}

async function saveDocument(
  tx: Tx,
  existing: Document | null,
  newest: DocumentVersion,
  { source, folder = null, sourceUrl = null }: NewDocument,
): Promise<Document> {
  const { workspaceId, documentId: id, title, version, createdBy, createdAt } = newest;
  const changed = { newestVersion: version, updatedAt: createdAt };
  const documents = tx.getRepository(Document);
  if (existing) return documents.save({ ...existing, ...changed });
  const document: Document = {
    workspaceId,
    id,
    kind: 'file',
    title,
    liveVersion: null,
    sourceId: source?.id ?? null,
    sourceUrl: source?.url ?? sourceUrl,
    folder,
    createdBy,
    createdAt,
    ...changed,
  };
  await documents.insert(document);
  return document;
}

/** Whoever deletes the source waits; when it is gone already, the document cannot refer to it. */
async function holdSource(tx: Tx, { workspaceId }: WorkspaceContext, { id }: PageOrigin): Promise<void> {
  await tx.query('select 1 from sources where workspace_id = $1 and id = $2 for key share', [workspaceId, id]);
}
