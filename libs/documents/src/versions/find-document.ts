import type { Tx } from '@app/database';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Document, type DocumentKind } from '../document.entity';
import { DocumentVersion } from './document-version.entity';

/** A document with the version that was uploaded last. */
export interface DocumentState {
  readonly document: Document;
  readonly newest: DocumentVersion;
}

/**
 * @param kind what is asked for; a snippet is no document to those who ask for files
 * @param isLocked waits for, and holds off, everybody else who changes the document
 * @throws AppError `document.not-found`
 */
export async function mustFindDocument(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  id: string,
  { isLocked = false, kind = 'file' }: { isLocked?: boolean; kind?: DocumentKind | 'any' } = {},
): Promise<Document> {
  const document = await tx.getRepository(Document).findOne({
    where: { workspaceId, id, ...(kind !== 'any' && { kind }) },
    ...(isLocked && { lock: { mode: 'pessimistic_write' as const } }),
  });
  if (!document) throw new AppError('document.not-found');
  return document;
}

/**
 * @param isLocked as for the document, which is locked before
 * @throws AppError `document.version-not-found`
 */
export async function mustFindVersion(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  { documentId, version }: { documentId: string; version: number },
  { isLocked = false } = {},
): Promise<DocumentVersion> {
  const found = await tx.getRepository(DocumentVersion).findOne({
    where: { workspaceId, documentId, version },
    ...(isLocked && { lock: { mode: 'pessimistic_write' as const } }),
  });
  if (!found) throw new AppError('document.version-not-found');
  return found;
}

/** Like `mustFindDocument`, with the newest version; locked, ingestion waits too. */
export async function mustFindState(
  tx: Tx,
  ctx: WorkspaceContext,
  id: string,
  options: { isLocked?: boolean } = {},
): Promise<DocumentState> {
  const document = await mustFindDocument(tx, ctx, id, options);
  const key = { documentId: id, version: document.newestVersion };
  return { document, newest: await mustFindVersion(tx, ctx, key, options) };
}
