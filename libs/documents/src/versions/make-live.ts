import type { Tx } from '@app/database';
import { Document } from '../document.entity';
import { bumpKnowledgeVersion } from '../pipeline/knowledge-version';
import type { DocumentVersion } from './document-version.entity';

/** Versions a document keeps beside the live one, the newest: what lies before them cannot be rolled back to. */
export const KEPT_VERSIONS = 10;

/**
 * From the end of this transaction on, answers come from this version. The document is locked. Versions that are too old
 * to be kept go; their bytes are swept.
 */
export async function makeLive(
  tx: Tx,
  document: Document,
  { version, title }: Pick<DocumentVersion, 'version' | 'title'>,
  now: Date,
): Promise<Document> {
  const live = await tx.getRepository(Document).save({ ...document, title, liveVersion: version, updatedAt: now });
  await tx.query(
    `delete from document_versions v where workspace_id = $1 and document_id = $2 and version <> $3 and version <= (
       select newest_version - $4 from documents where workspace_id = $1 and id = $2)`,
    [document.workspaceId, document.id, version, KEPT_VERSIONS],
  );
  await bumpKnowledgeVersion(tx, document);
  return live;
}
