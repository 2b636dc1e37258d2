import { detectLanguage } from '@app/ai';
import { sha256 } from '@app/crypto';
import type { Tx } from '@app/database';
import { newId, type WorkspaceContext } from '@app/kernel';
import { type Chunk, chunkDocument } from '../chunking/chunker';
import { Document } from '../document.entity';
import { insertChunks } from '../pipeline/chunk-rows';
import { DocumentVersion } from '../versions/document-version.entity';
import { makeLive } from '../versions/make-live';
import type { Snippet } from './snippet.entity';

/** The passages of a snippet: its answer under its question, as the search and the citations show them. */
export async function chunksOf(snippet: Snippet): Promise<Chunk[]> {
  const { workspaceId, id: documentId, version, question, alternatives, answer } = snippet;
  // A short answer says less about its language than all wordings together.
  const language = snippet.language ?? (await detectLanguage([question, ...alternatives, answer].join('\n')));
  const document = { sections: [{ headingPath: [question], text: answer }] };
  const chunks = await chunkDocument({ workspaceId, documentId, version }, document);
  return chunks.map((chunk) => ({ ...chunk, ...(language !== null && { language }) }));
}

export async function addDocument(tx: Tx, snippet: Snippet): Promise<Document> {
  const { workspaceId, id, question: title, createdBy, createdAt, updatedAt } = snippet;
  const empty = { newestVersion: 0, liveVersion: null };
  const document: Document = {
    workspaceId,
    id,
    kind: 'snippet',
    sourceId: null,
    sourceUrl: null,
    folder: null,
    title,
    ...empty,
    createdBy,
    createdAt,
    updatedAt,
  };
  await tx.getRepository(Document).insert(document);
  return document;
}

/**
 * From the end of this transaction on, the snippet is found as it is now, by its words; by its meaning once ingestion
 * has embedded it, which is asked for afterwards. There is no file: nothing to scan, to parse or to download.
 */
export async function publishSnippet(
  tx: Tx,
  ctx: WorkspaceContext,
  { document, snippet, chunks }: { document: Document; snippet: Snippet; chunks: readonly Chunk[] },
): Promise<DocumentVersion> {
  const version = versionOf(snippet, chunks.length);
  await tx.getRepository(DocumentVersion).insert(version);
  await insertChunks(tx, ctx, version, chunks);
  await makeLive(tx, { ...document, newestVersion: version.version }, version, snippet.updatedAt);
  return version;
}

/** As ingestion finds a version that was read and is to be embedded. */
function versionOf(snippet: Snippet, chunkCount: number): DocumentVersion {
  const { workspaceId, id: documentId, version, question: title, createdBy, updatedAt: now } = snippet;
  return {
    workspaceId,
    documentId,
    version,
    blobId: newId(),
    title,
    givenTitle: null,
    fileName: 'snippet.md',
    mediaType: 'text/markdown',
    byteSize: 0,
    // Files are told apart by it; this is no file's.
    sha256: sha256(`snippet/${documentId}/${version}`),
    status: 'embedding',
    progressDone: 0,
    progressTotal: chunkCount,
    errorCode: null,
    findings: [],
    notices: [],
    noticeCount: 0,
    acceptedCodes: [],
    publishes: true,
    attempts: 0,
    pageCount: null,
    chunkCount,
    createdBy,
    createdAt: now,
    updatedAt: now,
    scannedAt: null,
    indexedAt: null,
    embeddedAt: null,
    vectorModel: null,
    prefixVersion: null,
  };
}
