import type { Tx } from '@app/database';
import { Document } from '../document.entity';
import { bumpKnowledgeVersion } from '../pipeline/knowledge-version';
import type { DocumentVersion } from './document-version.entity';

/** Versions a document keeps, the newest, and beside them the live one if it is older. */
export const KEPT_VERSIONS = 10;

/**
 * From the end of this transaction on, answers come from this version. The document is locked.
 */
export async function makeLive(
  tx: Tx,
  document: Document,
  { version, title }: Pick<DocumentVersion, 'version' | 'title'>,
  now: Date,
): Promise<Document> {
  const live = await tx.getRepository(Document).save({ ...document, title, liveVersion: version, updatedAt: now });
  await forgetOldVersions(tx, live);
  await bumpKnowledgeVersion(tx, document);
  return live;
}

/** Of a document that is locked: keeps the newest, and the live one if it is older. Their bytes are swept. */
export async function forgetOldVersions(
  tx: Tx,
  { workspaceId, id, newestVersion, liveVersion }: Document,
): Promise<void> {
  await tx.query(
    `delete from document_versions
     where workspace_id = $1 and document_id = $2 and version <= $3 and version is distinct from $4`,
    [workspaceId, id, newestVersion - KEPT_VERSIONS, liveVersion],
  );
}
