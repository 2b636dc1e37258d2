import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, type ErrorCode, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { In, Not, type QueryDeepPartialEntity } from 'typeorm';
import type { Chunk } from '../chunking/chunker';
import {
  type DocumentStatus,
  DocumentVersion,
  FINISHED_STATUSES,
  isFinished,
} from '../versions/document-version.entity';
import type { PartNotice } from '../parsing/part-notice';
import { mustFindDocument } from '../versions/find-document';
import type { InspectionFinding } from '../versions/inspection-finding';
import { makeLive } from '../versions/make-live';
import {
  type ChunkVectors,
  deleteChunks,
  insertChunks,
  insertVectors,
  shareDocument,
  type VectorKind,
  type VersionKey,
} from './chunk-rows';
import { IngestionWithdrawn } from './ingestion-withdrawn';
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
  readonly findings: InspectionFinding[];
  /** The first of them, see `PartNotices`. */
  readonly notices: PartNotice[];
  readonly noticeCount: number;
  readonly hiddenSections: number;
}

/**
 * What ingestion writes, each step in one short transaction. Every step says which version it means and changes
 * nothing when that was deleted or cancelled meanwhile.
 */
@Injectable()
export class IngestionRecord {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Counts an attempt. null when the version is gone or finished. */
  begin(ctx: WorkspaceContext, key: VersionKey): Promise<DocumentVersion | null> {
    return this.db.run(ctx, async (tx) => {
      const version = await tx.getRepository(DocumentVersion).findOneBy(rowOf(ctx, key));
      if (!version || isFinished(version)) return null;
      await this.update(tx, ctx, key, { attempts: () => 'attempts + 1' });
      return { ...version, attempts: version.attempts + 1 };
    });
  }

  async takeBackAttempt(ctx: WorkspaceContext, key: VersionKey): Promise<void> {
    await this.db.run(ctx, (tx) => this.update(tx, ctx, key, { attempts: () => 'greatest(attempts - 1, 0)' }));
  }

  /** It cannot go on now, for a reason that is not its own, and says so. */
  async wait(ctx: WorkspaceContext, key: VersionKey, code: ErrorCode): Promise<void> {
    const attempts = () => 'greatest(attempts - 1, 0)';
    await this.db.run(ctx, (tx) => this.update(tx, ctx, key, { attempts, errorCode: code }));
  }

  /** @throws IngestionWithdrawn */
  async enter(ctx: WorkspaceContext, key: VersionKey, status: DocumentStatus): Promise<void> {
    const cleared = { status, progressDone: 0, progressTotal: 0, errorCode: null };
    const isOpen = await this.db.run(ctx, (tx) => this.update(tx, ctx, key, cleared));
    if (!isOpen) throw new IngestionWithdrawn();
  }

  /** A scanner found nothing that would keep it. @throws IngestionWithdrawn */
  async passScan(ctx: WorkspaceContext, key: VersionKey): Promise<void> {
    const passed = { status: 'parsing', errorCode: null, scannedAt: this.clock.now() } as const;
    if (!(await this.db.run(ctx, (tx) => this.update(tx, ctx, key, passed)))) throw new IngestionWithdrawn();
  }

  /**
   * Replaces what an earlier, interrupted run may have left by these chunks. Ids are derived, so most are the same.
   * @throws IngestionWithdrawn
   */
  async saveChunks(ctx: WorkspaceContext, key: VersionKey, chunks: readonly Chunk[]): Promise<void> {
    const ids = chunks.map(({ id }) => id);
    await this.db.run(ctx, async (tx) => {
      await shareDocument(tx, ctx, key);
      await tx.query(
        'delete from chunks where workspace_id = $1 and document_id = $2 and version = $3 and not (id = any($4::uuid[]))',
        [ctx.workspaceId, key.documentId, key.version, ids],
      );
    });
    for (let start = 0; start < chunks.length; start += INSERT_BATCH) {
      await this.db.run(ctx, (tx) => insertChunks(tx, ctx, key, chunks.slice(start, start + INSERT_BATCH)));
    }
  }

  /** All chunks are there: what is left is to embed them. @throws IngestionWithdrawn */
  async enterEmbedding(
    ctx: WorkspaceContext,
    key: VersionKey,
    { hiddenSections, ...facts }: ParsedFacts,
  ): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const progress = { status: 'embedding', progressDone: 0, progressTotal: facts.chunkCount } as const;
      if (!(await this.update(tx, ctx, key, { ...facts, ...progress }))) throw new IngestionWithdrawn();
      if (facts.findings.length > 0) {
        await this.audit.record(tx, ctx, 'document.flagged', { ...key, rules: rulesOf(facts.findings) });
      }
      // Hidden text is never answered from, and never dropped without a trace.
      if (hiddenSections > 0)
        await this.audit.record(tx, ctx, 'document.hidden-text-found', { ...key, hiddenSections });
    });
  }

  /** The next chunks that need a vector of this model and have none, in reading order; other wordings count as headings. */
  chunksToEmbed(
    ctx: WorkspaceContext,
    key: VersionKey,
    { model, prefixVersion, limit }: VectorKind & { limit: number },
  ): Promise<StoredChunk[]> {
    return this.db.run(ctx, (tx) =>
      tx.query<StoredChunk[]>(
        `select c.id, c.heading_path || coalesce(s.alternatives, '{}') as "headingPath", c.language, c.text from chunks c
         left join snippets s on s.workspace_id = c.workspace_id and s.id = c.document_id
         where c.workspace_id = $1 and c.document_id = $2 and c.version = $6
           and (c.language is null or c.language = any($3::text[]))
           and not exists (select from chunk_vectors v
             where v.workspace_id = c.workspace_id and v.chunk_id = c.id and v.model = $4 and v.prefix_version = $7)
         order by c.ordinal limit $5`,
        [ctx.workspaceId, key.documentId, model.languages, model.id, limit, key.version, prefixVersion],
      ),
    );
  }

  /** Stores vectors and counts them as progress. */
  async saveVectors(
    ctx: WorkspaceContext,
    key: VersionKey,
    { vectors, ...kind }: VectorKind & { vectors: readonly ChunkVectors[] },
  ): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      await shareDocument(tx, ctx, key);
      await insertVectors(tx, { workspaceId: ctx.workspaceId, documentId: key.documentId, ...kind }, vectors);
      const progressDone = () => `least(progress_total, progress_done + ${vectors.length})`;
      // Getting further is what attempts are counted against.
      await this.update(tx, ctx, key, { progressDone, attempts: 0 });
    });
  }

  /** Ends the ingestion; what is meant to, and is not overtaken by a newer one, is answered from: in one step for every reader. */
  async finish(ctx: WorkspaceContext, key: VersionKey, vectors: VectorKind | null): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const document = await findLocked(tx, ctx, key);
      const now = this.clock.now();
      const facts = { status: 'indexed', errorCode: null, attempts: 0, indexedAt: now, ...madeOf(vectors) } as const;
      const isOpen = document && (await this.update(tx, ctx, key, { ...facts, progressDone: () => 'progress_total' }));
      if (!isOpen) return;
      const version = await tx.getRepository(DocumentVersion).findOneByOrFail(rowOf(ctx, key));
      // A snippet is live before it has its vectors; readers are told that they are there.
      const isLive = version.publishes && key.version >= (document.liveVersion ?? 0);
      if (isLive) await makeLive(tx, document, version, this.clock.now());
      await this.audit.record(tx, ctx, 'document.indexed', { ...key, isLive });
    });
  }

  /** Has every reader take the vectors that were made again. Nothing when it is gone or not live any more. */
  async noteReembedded(ctx: WorkspaceContext, key: VersionKey, vectors: VectorKind): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const document = await findLocked(tx, ctx, key);
      if (document?.liveVersion !== key.version) return;
      const changed = { embeddedAt: this.clock.now(), ...madeOf(vectors) };
      await tx.getRepository(DocumentVersion).update(rowOf(ctx, key), changed);
      await bumpKnowledgeVersion(tx, ctx);
    });
  }

  /** Ends the ingestion; a person may retry it. Nothing half-made stays, and nothing goes that is answered from. */
  async fail(ctx: WorkspaceContext, key: VersionKey, code: ErrorCode): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const document = await findLocked(tx, ctx, key);
      const isLive = document?.liveVersion === key.version; // a snippet is answered from before it has its vectors
      const failed = { status: 'failed', errorCode: code, ...(!isLive && { chunkCount: 0 }) } as const;
      if (!(await this.update(tx, ctx, key, failed))) return;
      if (!isLive) await deleteChunks(tx, { ...key, workspaceId: ctx.workspaceId });
      await this.audit.record(tx, ctx, 'document.failed', { ...key, code });
    });
  }

  /** Stops until a person has looked at it. Nothing of it is searchable. */
  async quarantine(
    ctx: WorkspaceContext,
    key: VersionKey,
    { code, findings }: { code: ErrorCode; findings: readonly InspectionFinding[] },
  ): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const held = { status: 'quarantined' as const, errorCode: code, chunkCount: 0, findings: [...findings] };
      if (!(await this.update(tx, ctx, key, held))) return;
      await deleteChunks(tx, { ...key, workspaceId: ctx.workspaceId });
      await this.audit.record(tx, ctx, 'document.quarantined', { ...key, code, rules: rulesOf(findings) });
    });
  }

  /** @returns whether the version is still there and unfinished */
  private async update(
    tx: Tx,
    ctx: WorkspaceContext,
    key: VersionKey,
    values: QueryDeepPartialEntity<DocumentVersion>,
  ): Promise<boolean> {
    const changed = { ...values, updatedAt: this.clock.now() };
    const open = { ...rowOf(ctx, key), status: Not(In(FINISHED_STATUSES)) };
    return (await tx.getRepository(DocumentVersion).update(open, changed)).affected === 1;
  }
}

const rowOf = ({ workspaceId }: WorkspaceContext, { documentId, version }: VersionKey) => ({
  workspaceId,
  documentId,
  version,
});

const madeOf = (vectors: VectorKind | null) => ({
  vectorModel: vectors?.model.id ?? null,
  prefixVersion: vectors?.prefixVersion ?? null,
});

const rulesOf = (findings: readonly InspectionFinding[]): string =>
  [...new Set(findings.map(({ rule }) => rule))].join(', ').slice(0, 200);

/** Null when it was deleted. */
async function findLocked(tx: Tx, ctx: WorkspaceContext, { documentId }: VersionKey) {
  try {
    return await mustFindDocument(tx, ctx, documentId, { isLocked: true, kind: 'any' });
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
