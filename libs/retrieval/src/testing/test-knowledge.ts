import { type EmbeddingProvider, encodeVector, encodeVectors, splitSentences } from '@app/ai';
import type { Tx, WorkspaceDb } from '@app/database';
import { newId, systemContext, type WorkspaceContext } from '@app/kernel';

export interface TestDocument {
  title?: string;
  /** One chunk each. */
  texts: readonly string[];
  headingPath?: readonly string[];
  language?: string;
  status?: 'indexed' | 'embedding';
  /** The web page it was made of. */
  url?: string;
}

/** Writes documents straight into the tables, as the documents lib leaves them: for tests below it. */
export class TestKnowledge {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly embeddings: EmbeddingProvider,
  ) {}

  async createWorkspace(): Promise<WorkspaceContext> {
    const ctx = systemContext(newId());
    await this.db.run(ctx, (tx) =>
      tx.query('insert into workspaces (id, name) values ($1, $2)', [ctx.workspaceId, 'Test']),
    );
    return ctx;
  }

  /**
   * Answers the document's id.
   * @param replaced the id of a document that goes in the same moment
   */
  async addDocument(ctx: WorkspaceContext, document: TestDocument, replaced?: string): Promise<string> {
    const id = newId();
    const vectors = await this.vectorsOf(document);
    await this.db.run(ctx, async (tx) => {
      if (replaced !== undefined) await tx.query('delete from documents where id = $1', [replaced]);
      await insertDocument(tx, ctx, id, document);
      for (const [ordinal, text] of document.texts.entries()) {
        await insertChunk(tx, ctx, {
          documentId: id,
          ordinal,
          text,
          document,
          vectors: vectors[ordinal] ?? [],
          model: this.embeddings.model,
        });
      }
      await bump(tx, ctx);
    });
    return id;
  }

  async removeDocument(ctx: WorkspaceContext, id: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await tx.query('delete from documents where id = $1', [id]);
      await bump(tx, ctx);
    });
  }

  async rename(ctx: WorkspaceContext, id: string, title: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await tx.query('update documents set title = $2 where id = $1', [id, title]);
      await bump(tx, ctx);
    });
  }

  /** For each chunk its own vector, then those of its sentences. */
  private async vectorsOf({ texts, headingPath = [], language }: TestDocument): Promise<Float32Array[][]> {
    const all: Float32Array[][] = [];
    for (const text of texts) {
      all.push(await this.embeddings.embed([[...headingPath, text].join('\n'), ...splitSentences(text, language)]));
    }
    return all;
  }
}

async function insertDocument(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  id: string,
  document: TestDocument,
): Promise<void> {
  const { title = 'Help', texts, status = 'indexed', url = null } = document;
  await tx.query('insert into documents (workspace_id, id, title, source_url) values ($1, $2, $3, $4)', [
    workspaceId,
    id,
    title,
    url,
  ]);
  await tx.query(
    `insert into document_versions (workspace_id, document_id, version, blob_id, title, file_name, media_type, byte_size,
       sha256, status, chunk_count, indexed_at)
     values ($1, $2, 1, $2, $3, 'help.txt', 'text/plain', 1, $4, $5, $6, now())`,
    [workspaceId, id, title, Buffer.from(id), status, texts.length],
  );
  if (status === 'indexed') await tx.query('update documents set live_version = 1 where id = $1', [id]);
}

interface TestChunk {
  documentId: string;
  ordinal: number;
  text: string;
  document: TestDocument;
  vectors: Float32Array[];
  model: EmbeddingProvider['model'];
}

async function insertChunk(tx: Tx, { workspaceId }: WorkspaceContext, chunk: TestChunk): Promise<void> {
  const { documentId, ordinal, text, document, model } = chunk;
  const [vector, ...sentences] = chunk.vectors;
  const id = newId();
  await tx.query(
    `insert into chunks (workspace_id, id, document_id, version, ordinal, heading_path, language, text)
     values ($1, $2, $3, 1, $4, $5, $6, $7)`,
    [workspaceId, id, documentId, ordinal, document.headingPath ?? [], document.language ?? 'en', text],
  );
  if (!vector?.length) return;
  await tx.query(
    `insert into chunk_vectors (workspace_id, chunk_id, document_id, model, dimensions, vector, sentence_vectors)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [workspaceId, id, documentId, model.id, model.dimensions, encodeVector(vector), encodeVectors(sentences)],
  );
}

async function bump(tx: Tx, { workspaceId }: WorkspaceContext): Promise<void> {
  await tx.query(
    `insert into knowledge_versions (workspace_id, version) values ($1, 1)
     on conflict (workspace_id) do update set version = knowledge_versions.version + 1`,
    [workspaceId],
  );
}
