import { sha256 } from '@app/crypto';
import { WorkspaceDb } from '@app/database';
import { AppError, type ErrorCode } from '@app/kernel';
import type { WebContent } from '@app/web-fetch';
import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { Document } from '../document.entity';
import type { IncomingFile } from '../formats/file-identifier';
import { DocumentIntake } from '../upload/document-intake.service';
import { type Content, PageDocuments } from './page-documents';
import { fileOf } from './page-file';
import { SourcePage } from './source-page.entity';
import type { PageOutcome } from './source-run.entity';
import type { Sync } from './sync-record';

/** Runs in a row that do not find a page before its document leaves the answers. */
export const MISSES_TO_REMOVE = 2;

/** A page as it was just read. */
export interface ReadPage {
  /** What was known of the address before. */
  readonly known: SourcePage | null;
  readonly url: string;
  readonly canonicalUrl: string;
  readonly content: WebContent;
}

type DigestedFile = IncomingFile & { readonly digest: Buffer };

/** What became of a page's content. */
export interface Taken {
  readonly outcome: PageOutcome;
  readonly documentId: string;
  readonly version?: number;
}

/** The content was refused as it is: there is no use in offering it again. A full workspace may have room the next time. */
const PASSING = new Set<ErrorCode>(['document.too-many', 'document.storage-full', 'document.duplicate']);

/**
 * Makes documents of pages: a new one, a new version of the page's own, or none, because the content is there already.
 * Doing it twice with the same content changes nothing the second time.
 */
@Injectable()
export class PageIntake {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly intake: DocumentIntake,
    private readonly documents: PageDocuments,
  ) {}

  /** @throws AppError `source.type-refused`, and why intake refuses the file */
  async take(sync: Sync, page: ReadPage): Promise<Taken & { digest: Buffer }> {
    const file = fileOf(page.content);
    const digest = sha256(file.bytes);
    return { ...(await this.place(sync, page, { ...file, digest })), digest };
  }

  /** By which a page's content is known. */
  digestOf(content: WebContent): Buffer {
    return sha256(fileOf(content).bytes);
  }

  /** The page is as it was; its document is answered from again when it was not. */
  async confirm(sync: Sync, known: SourcePage): Promise<Taken | null> {
    const { documentId, sha256: digest, canonicalUrl } = known;
    if (documentId === null || digest === null) return null;
    if (known.state === 'ok') return { outcome: 'unchanged', documentId };
    return this.refer(sync, { known, canonicalUrl }, { documentId, sha256: digest });
  }

  private async place(sync: Sync, page: ReadPage, file: DigestedFile): Promise<Taken> {
    const settled = (await this.copied(sync, page)) ?? alreadyTaken(page.known, file.digest);
    return settled ?? this.offer(sync, page, file);
  }

  /** A copy: the page it names as its own is read for itself. */
  private async copied(sync: Sync, { url, canonicalUrl }: ReadPage): Promise<Taken | null> {
    const original = canonicalUrl === url ? null : await this.pageAt(sync, canonicalUrl);
    return original?.documentId ? { outcome: 'unchanged', documentId: original.documentId } : null;
  }

  private async offer(
    sync: Sync,
    { known, canonicalUrl }: ReadPage,
    { digest, ...file }: DigestedFile,
  ): Promise<Taken> {
    const own = await this.documents.ofPage(sync.ctx, sync.source, canonicalUrl);
    const source = { id: sync.source.id, url: canonicalUrl };
    try {
      const taken = await this.intake.take(sync.ctx, file, { documentId: own?.id, source });
      const outcome = own === null ? 'added' : changedOr('changed', known);
      return { outcome, documentId: taken.document.id, version: taken.newest.version };
    } catch (error) {
      const documentId = duplicateOf(error);
      if (documentId === undefined) throw error;
      const content = { documentId, sha256: digest };
      return this.refer(sync, { known, canonicalUrl: own === null ? canonicalUrl : undefined }, content);
    }
  }

  /** The workspace holds these bytes: the page's own document, or another one, is what answers with them. */
  private async refer(
    sync: Sync,
    { known, canonicalUrl }: { known: SourcePage | null; canonicalUrl?: string },
    content: Content,
  ): Promise<Taken> {
    const { documentId } = content;
    const isKnown = known?.documentId === documentId;
    if (await this.isOwn(sync, documentId, known?.url)) {
      const { version, wasOther } = await this.documents.show(sync.ctx, content, canonicalUrl);
      return { outcome: changedOr(isKnown && !wasOther ? 'unchanged' : 'changed', known), documentId, version };
    }
    const { isShown, version } = await this.documents.isShown(sync.ctx, content);
    // It is an older version there, and the same bytes are never kept twice.
    if (!isShown) throw new AppError('document.duplicate', { existingId: documentId });
    return { outcome: changedOr(isKnown ? 'unchanged' : 'changed', known), documentId, version };
  }

  /** Whether the document is this source's, and no other page's that is there. */
  private isOwn({ ctx, source }: Sync, documentId: string, url = ''): Promise<boolean> {
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const own = { workspaceId, id: documentId, sourceId: source.id };
      if (!(await tx.getRepository(Document).existsBy(own))) return false;
      const others = { workspaceId, documentId, state: Not('gone' as const), url: Not(url) };
      return !(await tx.getRepository(SourcePage).existsBy(others));
    });
  }

  private pageAt({ ctx, source }: Sync, url: string): Promise<SourcePage | null> {
    const at = { workspaceId: ctx.workspaceId, sourceId: source.id, url, state: 'ok' as const };
    return this.db.run(ctx, (tx) => tx.getRepository(SourcePage).findOneBy(at));
  }
}

/** @throws AppError the code with which the same content was refused before */
function alreadyTaken(known: SourcePage | null, digest: Buffer): Taken | null {
  if (!known?.sha256?.equals(digest)) return null;
  const { state, documentId, errorCode } = known;
  if (state === 'ok' && documentId !== null) return { outcome: 'unchanged', documentId };
  if (errorCode?.startsWith('document.') && !PASSING.has(errorCode)) throw new AppError(errorCode);
  return null;
}

/** What the report calls it: a page nobody knew was added, and one that had left the answers is back. */
function changedOr(outcome: 'changed' | 'unchanged', known: SourcePage | null): PageOutcome {
  if (known === null) return 'added';
  if (known.misses >= MISSES_TO_REMOVE) return 'restored';
  return known.documentId === null ? 'added' : outcome;
}

function duplicateOf(error: unknown): string | undefined {
  return error instanceof AppError && error.code === 'document.duplicate' ? error.options.existingId : undefined;
}
