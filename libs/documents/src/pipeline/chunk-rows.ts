import type { EmbeddingModel } from '@app/ai';
import type { Tx } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import type { Chunk } from '../chunking/chunker';
import { FINISHED_STATUSES } from '../versions/document-version.entity';
import { IngestionWithdrawn } from './ingestion-withdrawn';

export interface ChunkVectors {
  readonly chunkId: string;
  readonly vector: Buffer;
  readonly sentenceVectors: Buffer;
}

/** By what, and from what text, a vector is made. */
export interface VectorKind {
  readonly model: EmbeddingModel;
  readonly prefixVersion: number;
}

/** Which version of which document of the workspace. */
export interface VersionKey {
  readonly documentId: string;
  readonly version: number;
}

/** For whoever ends the ingestion in the same transaction. */
export async function deleteChunks(
  tx: Tx,
  { workspaceId, documentId, version }: VersionKey & { workspaceId: string },
): Promise<void> {
  await tx.query('delete from chunks where workspace_id = $1 and document_id = $2 and version = $3', [
    workspaceId,
    documentId,
    version,
  ]);
}

/** A document before its versions and chunks, in the order in which deleting it takes them: else the two could wait for each other. */
export async function shareDocument(
  tx: Tx,
  { workspaceId }: { readonly workspaceId: string },
  { documentId }: Pick<VersionKey, 'documentId'>,
): Promise<void> {
  await tx.query('select 1 from documents where workspace_id = $1 and id = $2 for key share', [
    workspaceId,
    documentId,
  ]);
}

/** Whoever ends the ingestion waits for this transaction, and so finds its chunks. */
async function holdOpen(tx: Tx, ctx: WorkspaceContext, key: VersionKey): Promise<void> {
  await shareDocument(tx, ctx, key);
  const rows: unknown[] = await tx.query(
    `select 1 from document_versions
     where workspace_id = $1 and document_id = $2 and version = $3 and not (status = any($4)) for share`,
    [ctx.workspaceId, key.documentId, key.version, FINISHED_STATUSES],
  );
  if (rows.length === 0) throw new IngestionWithdrawn();
}

/** Part of the transaction that adds the version, or of a step of its ingestion. @throws IngestionWithdrawn */
export async function insertChunks(
  tx: Tx,
  ctx: WorkspaceContext,
  key: VersionKey,
  chunks: readonly Chunk[],
): Promise<void> {
  await holdOpen(tx, ctx, key);
  // heading_path is an array a row: unnest would flatten an array of arrays, so paths travel as JSON.
  await tx.query(
    `insert into chunks (workspace_id, id, document_id, version, ordinal, heading_path, page, language, text)
     select $1, c.id, $2, $3, c.ordinal,
       array(select jsonb_array_elements_text(c.path)), c.page, c.language, c.text
     from jsonb_to_recordset($4::jsonb) as c (id uuid, ordinal int, path jsonb, page int, language text, text text)
     on conflict do nothing`,
    [
      ctx.workspaceId,
      key.documentId,
      key.version,
      JSON.stringify(chunks.map(({ headingPath, ...chunk }) => ({ ...chunk, path: headingPath }))),
    ],
  );
}

/** Chunks that were deleted since they were read are left out. */
export async function insertVectors(
  tx: Tx,
  { workspaceId, documentId, model, prefixVersion }: VectorKind & { workspaceId: string; documentId: string },
  vectors: readonly ChunkVectors[],
): Promise<void> {
  await tx.query(
    `insert into chunk_vectors (workspace_id, chunk_id, document_id, model, prefix_version, dimensions, vector, sentence_vectors)
     select $1, v.chunk_id, $2, $3, $8, $4, v.vector, v.sentence_vectors
     from unnest($5::uuid[], $6::bytea[], $7::bytea[]) as v (chunk_id, vector, sentence_vectors)
     join chunks c on c.workspace_id = $1 and c.id = v.chunk_id
     on conflict (workspace_id, chunk_id) do update set model = excluded.model, prefix_version = excluded.prefix_version, dimensions = excluded.dimensions,
       vector = excluded.vector, sentence_vectors = excluded.sentence_vectors`,
    [
      workspaceId,
      documentId,
      model.id,
      model.dimensions,
      vectors.map(({ chunkId }) => chunkId),
      vectors.map(({ vector }) => vector),
      vectors.map(({ sentenceVectors }) => sentenceVectors),
      prefixVersion,
    ],
  );
}
