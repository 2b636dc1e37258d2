import type { Tx } from '@app/database';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Document } from '../document.entity';
import type { DocumentVersion } from '../versions/document-version.entity';
import { Snippet } from './snippet.entity';

/** A snippet with how far its current version has come. */
export interface SnippetState extends Pick<DocumentVersion, 'status' | 'errorCode'> {
  readonly snippet: Snippet;
}

/** @throws AppError `snippet.not-found` */
export async function mustFindSnippet(tx: Tx, { workspaceId }: WorkspaceContext, id: string): Promise<Snippet> {
  const snippet = await tx.getRepository(Snippet).findOneBy({ workspaceId, id });
  if (!snippet) throw new AppError('snippet.not-found');
  return snippet;
}

/**
 * Waits for, and holds off, everybody else who changes the snippet or works on its document.
 * @throws AppError `snippet.not-found`
 */
export async function mustLockSnippet(
  tx: Tx,
  ctx: WorkspaceContext,
  id: string,
): Promise<{ document: Document; snippet: Snippet }> {
  const document = await tx.getRepository(Document).findOne({
    where: { workspaceId: ctx.workspaceId, id, kind: 'snippet' },
    lock: { mode: 'pessimistic_write' },
  });
  if (!document) throw new AppError('snippet.not-found');
  return { document, snippet: await mustFindSnippet(tx, ctx, id) };
}

/** In the order they are given. */
export async function withStatus(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  snippets: readonly Snippet[],
): Promise<SnippetState[]> {
  const rows = await tx.query<(Pick<SnippetState, 'status' | 'errorCode'> & { id: string })[]>(
    `select s.id, v.status, v.error_code as "errorCode" from snippets s
     join document_versions v on v.workspace_id = s.workspace_id and v.document_id = s.id and v.version = s.version
     where s.workspace_id = $1 and s.id = any($2::uuid[])`,
    [workspaceId, snippets.map(({ id }) => id)],
  );
  const byId = new Map(rows.map(({ id, ...state }) => [id, state]));
  return snippets.flatMap((snippet) => {
    const state = byId.get(snippet.id);
    return state ? [{ snippet, ...state }] : [];
  });
}
