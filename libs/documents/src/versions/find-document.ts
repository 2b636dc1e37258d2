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

/** @throws AppError `document.not-found`, `document.version-not-found` */
export async function mustFindVersion(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  documentId: string,
  version: number,
): Promise<DocumentVersion> {
  const found = await tx.getRepository(DocumentVersion).findOneBy({ workspaceId, documentId, version });
  if (!found) throw new AppError('document.version-not-found');
  return found;
}

/** Like `mustFindDocument`, with the newest version. */
export async function mustFindState(
  tx: Tx,
  ctx: WorkspaceContext,
  id: string,
  options: { isLocked?: boolean } = {},
): Promise<DocumentState> {
  const document = await mustFindDocument(tx, ctx, id, options);
  return { document, newest: await mustFindVersion(tx, ctx, id, document.newestVersion) };
}
