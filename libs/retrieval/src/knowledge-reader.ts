import { decodeInt8, decodeVectors, type EmbeddingModel, type Passage } from '@app/ai';
import { type Tx, WorkspaceDb } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { IndexedPassage } from './index/indexed-passage';

/** A document as the index compares it: a change of the signature means its passages must be read again. */
export interface DocumentState {
  id: string;
  signature: string;
  chunkCount: number;
}

interface PassageRow {
  id: string;
  documentId: string;
  documentTitle: string;
  headingPath: string[];
  /** null for what is no snippet. */
  aliases: string[] | null;
  language: string | null;
  text: string;
}

interface IndexRow extends PassageRow {
  vector: Buffer | null;
}

interface HitRow extends PassageRow {
  version: number;
  url: string | null;
  page: number | null;
  sentenceVectors: Buffer | null;
}

/**
 * Reads what a workspace knows. Only chunks of the live versions of documents. The workspace is
 * named in every statement although row-level security already limits it: each alone would be enough.
 */
@Injectable()
export class KnowledgeReader {
  constructor(private readonly db: WorkspaceDb) {}

  /** Runs statements of this reader on what the workspace knows at one moment. */
  read<T>(ctx: WorkspaceContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.read(ctx, work);
  }

  /** Rises with every change of what the workspace knows; '0' before the first one. */
  async version(tx: Tx, ctx: WorkspaceContext): Promise<string> {
    const sql = 'select version::text as version from knowledge_versions where workspace_id = $1';
    const rows = await select<{ version: string }>(tx, sql, [ctx.workspaceId]);
    return rows[0]?.version ?? '0';
  }

  async documents(tx: Tx, ctx: WorkspaceContext): Promise<DocumentState[]> {
    return select<DocumentState>(
      tx,
      `select d.id, concat_ws('/', v.version, d.title, extract(epoch from v.indexed_at), extract(epoch from v.embedded_at),
              v.chunk_count) as signature,
              v.chunk_count as "chunkCount"
         from documents d
         join document_versions v on v.workspace_id = d.workspace_id and v.document_id = d.id and v.version = d.live_version
        where d.workspace_id = $1 order by d.id`,
      [ctx.workspaceId],
    );
  }

  /** The passages of some documents as the index takes them. Vectors of other models or languages are left out. */
  async indexedPassages(
    tx: Tx,
    ctx: WorkspaceContext,
    documentIds: readonly string[],
    model: EmbeddingModel,
  ): Promise<IndexedPassage[]> {
    const rows = await select<IndexRow>(
      tx,
      `select c.id, c.document_id as "documentId", d.title as "documentTitle", c.heading_path as "headingPath", s.alternatives as aliases,
              c.language, c.text, v.vector
         from chunks c
         join documents d on d.workspace_id = c.workspace_id and d.id = c.document_id and d.live_version = c.version
         left join snippets s on s.workspace_id = d.workspace_id and s.id = d.id
         left join chunk_vectors v on v.workspace_id = c.workspace_id and v.chunk_id = c.id and v.model = $3
        where c.workspace_id = $1 and c.document_id = any($2::uuid[])
        order by c.document_id, c.ordinal`,
      [ctx.workspaceId, documentIds, model.id],
    );
    return rows.map(({ vector, aliases, ...row }) => ({
      ...row,
      ...(aliases && { aliases }),
      vector: vector && isComparable(row.language, model) ? decodeInt8(vector) : null,
    }));
  }

  /** Passages by chunk id, with the vectors of their sentences. Those that are gone by now are missing. */
  async passages(
    tx: Tx,
    ctx: WorkspaceContext,
    ids: readonly string[],
    model: EmbeddingModel,
  ): Promise<Map<string, Passage>> {
    if (ids.length === 0) return new Map();
    const rows = await select<HitRow>(
      tx,
      `select c.id, c.document_id as "documentId", d.title as "documentTitle", c.version, c.heading_path as "headingPath",
              s.alternatives as aliases, d.source_url as url, c.page, c.language, c.text,
              v.sentence_vectors as "sentenceVectors"
         from chunks c
         join documents d on d.workspace_id = c.workspace_id and d.id = c.document_id and d.live_version = c.version
         left join snippets s on s.workspace_id = d.workspace_id and s.id = d.id
         left join chunk_vectors v on v.workspace_id = c.workspace_id and v.chunk_id = c.id and v.model = $3
        where c.workspace_id = $1 and c.id = any($2::uuid[])`,
      [ctx.workspaceId, ids, model.id],
    );
    return new Map(rows.map((row) => [row.id, toPassage(row, model)]));
  }
}

/** Whether a passage's vectors mean something: a language that is not known is given the benefit of the doubt. */
const isComparable = (language: string | null, model: EmbeddingModel): boolean =>
  model.dimensions > 0 && (language === null || model.languages.includes(language));

function toPassage({ sentenceVectors, aliases, url, page, language, ...row }: HitRow, model: EmbeddingModel): Passage {
  const hasVectors = sentenceVectors !== null && isComparable(language, model);
  return {
    ...row,
    ...(aliases && { aliases }),
    ...(url !== null && { url }),
    ...(page !== null && { page }),
    ...(language !== null && { language }),
    ...(hasVectors && { sentenceVectors: decodeVectors(sentenceVectors, model.dimensions) }),
    score: 0,
  };
}

/** The one place that says what shape the rows of a statement have. */
function select<Row>(tx: Tx, sql: string, parameters: unknown[]): Promise<Row[]> {
  return tx.query<Row[]>(sql, parameters);
}
