import type { EmbeddingModel } from '@app/ai';
import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, type ErrorCode, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In, Not, type QueryDeepPartialEntity } from 'typeorm';
import type { Chunk } from '../chunking/chunker';
import { Document, type DocumentStatus, FINISHED_STATUSES, isFinished } from '../document.entity';
import { bumpKnowledgeVersion } from './knowledge-version';

/** Rows a statement: small enough that no transaction is long, large enough that there are few. */
const INSERT_BATCH = 200;

export interface StoredChunk {
  readonly id: string;
  readonly headingPath: string[];
  readonly language: string | null;
  readonly text: string;
}

/** What is known once a document was read. */
export interface ParsedFacts {
  readonly title: string;
  readonly pageCount: number | null;
  readonly chunkCount: number;
  readonly hiddenSections: number;
}

export interface ChunkVectors {
  readonly chunkId: string;
  readonly vector: Buffer;
  readonly sentenceVectors: Buffer;
}

/** Somebody deleted or cancelled the document while it was worked on. */
export class IngestionWithdrawn extends Error {}

/**
 * What ingestion writes, each step in one short transaction. Every step says which document it means and changes
 * nothing when that was deleted or cancelled meanwhile.
 */
@Injectable()
export class IngestionRecord {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Counts an attempt. null when the document is gone or finished. */
  begin(ctx: WorkspaceContext, id: string): Promise<Document | null> {
    return this.db.run(ctx, async (tx) => {
      const document = await tx.getRepository(Document).findOneBy({ workspaceId: ctx.workspaceId, id });
      if (!document || isFinished(document)) return null;
      await this.update(tx, ctx, id, { attempts: () => 'attempts + 1' });
      return { ...document, attempts: document.attempts + 1 };
    });
  }

  async takeBackAttempt(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, (tx) => this.update(tx, ctx, id, { attempts: () => 'greatest(attempts - 1, 0)' }));
  }

  /** @throws IngestionWithdrawn */
  async enter(ctx: WorkspaceContext, id: string, status: DocumentStatus): Promise<void> {
    const isOpen = await this.db.run(ctx, (tx) =>
      this.update(tx, ctx, id, { status, progressDone: 0, progressTotal: 0 }),
    );
    if (!isOpen) throw new IngestionWithdrawn();
  }

  /**
   * Replaces what an earlier, interrupted run may have left by these chunks. Ids are derived, so most are the same.
   * @throws IngestionWithdrawn
   */
  async saveChunks(ctx: WorkspaceContext, document: Document, chunks: readonly Chunk[]): Promise<void> {
    const ids = chunks.map(({ id }) => id);
    await this.db.run(ctx, (tx) =>
      tx.query('delete from chunks where workspace_id = $1 and document_id = $2 and not (id = any($3::uuid[]))', [
        ctx.workspaceId,
        document.id,
        ids,
      ]),
    );
    for (let start = 0; start < chunks.length; start += INSERT_BATCH) {
      await this.db.run(ctx, (tx) => insertChunks(tx, document, chunks.slice(start, start + INSERT_BATCH)));
    }
  }

  /** All chunks are there: what is left is to embed them. @throws IngestionWithdrawn */
  async enterEmbedding(ctx: WorkspaceContext, id: string, { hiddenSections, ...facts }: ParsedFacts): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const progress = { status: 'embedding', progressDone: 0, progressTotal: facts.chunkCount } as const;
      if (!(await this.update(tx, ctx, id, { ...facts, ...progress }))) throw new IngestionWithdrawn();
      // Hidden text is never answered from, and never dropped without a trace.
      if (hiddenSections === 0) return;
      await this.audit.record(tx, ctx, 'document.hidden-text-found', { documentId: id, hiddenSections });
    });
  }

  /** The next chunks that need a vector of this model and have none, in reading order. */
  chunksToEmbed(
    ctx: WorkspaceContext,
    id: string,
    { model, limit }: { model: EmbeddingModel; limit: number },
  ): Promise<StoredChunk[]> {
    return this.db.run(ctx, (tx) =>
      tx.query<StoredChunk[]>(
        `select c.id, c.heading_path as "headingPath", c.language, c.text from chunks c
         where c.workspace_id = $1 and c.document_id = $2 and (c.language is null or c.language = any($3::text[]))
           and not exists (select from chunk_vectors v
             where v.workspace_id = c.workspace_id and v.chunk_id = c.id and v.model = $4)
         order by c.ordinal limit $5`,
        [ctx.workspaceId, id, model.languages, model.id, limit],
      ),
    );
  }

  /** Stores vectors and counts them as progress. */
  async saveVectors(
    ctx: WorkspaceContext,
    id: string,
    { model, vectors }: { model: EmbeddingModel; vectors: readonly ChunkVectors[] },
  ): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await insertVectors(tx, { workspaceId: ctx.workspaceId, documentId: id, model }, vectors);
      const progressDone = () => `least(progress_total, progress_done + ${vectors.length})`;
      // Getting further is what attempts are counted against.
      await this.update(tx, ctx, id, { progressDone, attempts: 0 });
    });
  }

  /** Makes the document answerable, in one step for every reader. */
  async finish(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const facts = { status: 'indexed', errorCode: null, attempts: 0, indexedAt: this.clock.now() } as const;
      if (!(await this.update(tx, ctx, id, { ...facts, progressDone: () => 'progress_total' }))) return;
      await bumpKnowledgeVersion(tx, ctx);
      await this.audit.record(tx, ctx, 'document.indexed', { documentId: id });
    });
  }

  /** Ends the ingestion; a person may retry it. Nothing half-made stays. */
  async fail(ctx: WorkspaceContext, id: string, code: ErrorCode): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      if (!(await this.update(tx, ctx, id, { status: 'failed', errorCode: code, chunkCount: 0 }))) return;
      await deleteChunks(tx, ctx, id);
      await this.audit.record(tx, ctx, 'document.failed', { documentId: id, code });
    });
  }

  /** @returns whether the document is still there and unfinished */
  private async update(
    tx: Tx,
    { workspaceId }: WorkspaceContext,
    id: string,
    values: QueryDeepPartialEntity<Document>,
  ): Promise<boolean> {
    const changed = { ...values, updatedAt: this.clock.now() };
    const open = { workspaceId, id, status: Not(In(FINISHED_STATUSES)) };
    return (await tx.getRepository(Document).update(open, changed)).affected === 1;
  }
}

/** For whoever ends the ingestion in the same transaction. */
export async function deleteChunks(tx: Tx, { workspaceId }: WorkspaceContext, documentId: string): Promise<void> {
  await tx.query('delete from chunks where workspace_id = $1 and document_id = $2', [workspaceId, documentId]);
}

/** Whoever ends the ingestion waits for this transaction, and so finds its chunks. */
async function holdOpen(tx: Tx, { workspaceId, id }: Document): Promise<void> {
  const rows: unknown[] = await tx.query(
    'select 1 from documents where workspace_id = $1 and id = $2 and not (status = any($3)) for share',
    [workspaceId, id, FINISHED_STATUSES],
  );
  if (rows.length === 0) throw new IngestionWithdrawn();
}

async function insertChunks(tx: Tx, document: Document, chunks: readonly Chunk[]): Promise<void> {
  await holdOpen(tx, document);
  // heading_path is an array a row: unnest would flatten an array of arrays, so paths travel as JSON.
  await tx.query(
    `insert into chunks (workspace_id, id, document_id, version, ordinal, heading_path, page, language, text)
     select $1, c.id, $2, $3, c.ordinal,
       array(select jsonb_array_elements_text(c.path)), c.page, c.language, c.text
     from jsonb_to_recordset($4::jsonb) as c (id uuid, ordinal int, path jsonb, page int, language text, text text)
     on conflict do nothing`,
    [
      document.workspaceId,
      document.id,
      document.version,
      JSON.stringify(chunks.map(({ headingPath, ...chunk }) => ({ ...chunk, path: headingPath }))),
    ],
  );
}

/** Chunks that were deleted since they were read are left out. */
async function insertVectors(
  tx: Tx,
  { workspaceId, documentId, model }: { workspaceId: string; documentId: string; model: EmbeddingModel },
  vectors: readonly ChunkVectors[],
): Promise<void> {
  await tx.query(
    `insert into chunk_vectors (workspace_id, chunk_id, document_id, model, dimensions, vector, sentence_vectors)
     select $1, v.chunk_id, $2, $3, $4, v.vector, v.sentence_vectors
     from unnest($5::uuid[], $6::bytea[], $7::bytea[]) as v (chunk_id, vector, sentence_vectors)
     join chunks c on c.workspace_id = $1 and c.id = v.chunk_id
     on conflict (workspace_id, chunk_id) do update set model = excluded.model, dimensions = excluded.dimensions,
       vector = excluded.vector, sentence_vectors = excluded.sentence_vectors`,
    [
      workspaceId,
      documentId,
      model.id,
      model.dimensions,
      vectors.map(({ chunkId }) => chunkId),
      vectors.map(({ vector }) => vector),
      vectors.map(({ sentenceVectors }) => sentenceVectors),
    ],
  );
}
