import { Readable } from 'node:stream';
import { AppError, type ErrorCode, systemContext, type WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { chunkDocument } from '../chunking/chunker';
import { inspectDocument } from '../inspection/inspect-document';
import { actionFor } from '../inspection/inspection-policy';
import type { ParsedDocument } from '../parsing/parsed-document';
import { PARSERS } from '../parsing/parser-list';
import { ParserProcess } from '../parsing/parser-process';
import { KnowledgePolicy } from '../policy/knowledge-policy.service';
import { VirusScanner } from '../scanning/virus-scanner';
import { BlobStore } from '../storage/blob-store';
import type { DocumentVersion } from '../versions/document-version.entity';
import type { InspectionFinding } from '../versions/inspection-finding';
import { ChunkEmbedder } from './chunk-embedder';
import { chooseTitle } from './document-title';
import type { IngestionJob } from './ingestion-queue';
import { IngestionRecord } from './ingestion-record';
import { IngestionWithdrawn } from './ingestion-withdrawn';

/** Attempts without getting further before a document is given up: a crash in between counts too. */
export const MAX_ATTEMPTS = 5;

/**
 * The way of a version of a document from bytes to passages: scan, parse, chunk, embed, go live. Every step leaves the document so
 * that another run, here or on another machine, goes on from it or does the step again with the same result.
 */
@Injectable()
export class IngestionPipeline {
  private readonly logger = new Logger(IngestionPipeline.name);

  constructor(
    private readonly record: IngestionRecord,
    private readonly blobs: BlobStore,
    private readonly scanner: VirusScanner,
    private readonly parser: ParserProcess,
    private readonly embedder: ChunkEmbedder,
    private readonly policy: KnowledgePolicy,
  ) {}

  /**
   * Resolves when the version is indexed, in quarantine, has failed for good, or was deleted or cancelled.
   * Rejects when another attempt may succeed; the queue makes it.
   */
  async run({ workspaceId, ...key }: IngestionJob, signal: AbortSignal): Promise<void> {
    const ctx = systemContext(workspaceId);
    const version = await this.record.begin(ctx, key);
    if (!version) return;
    try {
      if (version.attempts > MAX_ATTEMPTS) throw new AppError('document.processing-failed');
      // Chunks are complete once a version is being embedded.
      if (version.status !== 'embedding') await this.read(ctx, version, signal);
      const vectors = await this.embedder.embed(ctx, key, signal);
      await this.record.finish(ctx, key, vectors);
    } catch (error) {
      if (error instanceof IngestionWithdrawn) return;
      if (error instanceof Quarantined) return this.record.quarantine(ctx, key, error);
      if (!signal.aborted) return this.giveUpOrRethrow(ctx, version, error);
      await this.record.takeBackAttempt(ctx, key); // a shutdown says nothing about the document
      throw error;
    }
  }

  private async read(ctx: WorkspaceContext, version: DocumentVersion, signal: AbortSignal): Promise<void> {
    const bytes = await this.blobs.get({ workspaceId: ctx.workspaceId, blobId: version.blobId });
    await this.scan(ctx, version, { bytes, signal });
    const parsed = await this.parser.parse(formatOf(version), bytes, signal);
    const findings = await this.inspect(ctx, version, parsed);
    await this.record.enter(ctx, version, 'chunking');
    const chunks = await chunkDocument(version, parsed);
    if (chunks.length === 0) throw new AppError('document.no-text');
    await this.record.saveChunks(ctx, version, chunks);
    await this.record.enterEmbedding(ctx, version, {
      title: version.givenTitle ?? chooseTitle(parsed, version.fileName),
      pageCount: parsed.pageCount ?? null,
      chunkCount: chunks.length,
      findings,
      notices: [...(parsed.notices?.items ?? [])],
      noticeCount: parsed.notices?.total ?? 0,
      hiddenSections: parsed.sections.filter(({ isHidden }) => isHidden).length,
    });
  }

  private async scan(
    ctx: WorkspaceContext,
    version: DocumentVersion,
    { bytes, signal }: { bytes: Buffer; signal: AbortSignal },
  ): Promise<void> {
    await this.record.enter(ctx, version, 'scanning');
    const { infected, signature = 'unnamed' } = await this.scanner.scan(Readable.from([bytes]), signal);
    if (infected && !version.acceptedCodes.includes('document.infected')) {
      throw new Quarantined('document.infected', [{ kind: 'malware', rule: signature }]);
    }
    await this.record.passScan(ctx, version);
  }

  /** @throws Quarantined when the workspace wants a person to look first, and none has */
  private async inspect(
    ctx: WorkspaceContext,
    version: DocumentVersion,
    parsed: ParsedDocument,
  ): Promise<InspectionFinding[]> {
    // The title it was given stands beside its own, and answers are made with it.
    const title = [parsed.title, version.givenTitle].filter(Boolean).join('\n');
    const { findings } = await inspectDocument({ ...parsed, title });
    const action = actionFor(findings, await this.policy.get(ctx));
    if (action === 'quarantine' && !version.acceptedCodes.includes('document.suspicious')) {
      throw new Quarantined('document.suspicious', findings);
    }
    return [...findings];
  }

  private async giveUpOrRethrow(ctx: WorkspaceContext, version: DocumentVersion, error: unknown): Promise<void> {
    const code = error instanceof AppError ? error.code : 'document.processing-failed';
    if (OUTAGES.has(code)) {
      await this.record.wait(ctx, version, code);
      throw error;
    }
    if (isPassing(code) && version.attempts < MAX_ATTEMPTS) throw error;
    const { documentId } = version;
    if (!(error instanceof AppError)) this.logger.warn({ err: error, documentId }, 'Ingestion was given up');
    await this.record.fail(ctx, version, code);
  }
}

/** The version is not for answers before a person has looked at it. */
class Quarantined extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly findings: readonly InspectionFinding[],
  ) {
    super(code);
  }
}

/** A service that is needed is away: however long that takes, it is not the document's fault. */
const OUTAGES = new Set<ErrorCode>(['document.scan-unavailable', 'service.unavailable', 'service.busy']);

/** Whether another attempt may go better. */
const isPassing = (code: ErrorCode): boolean => !code.startsWith('document.') || code === 'document.processing-failed';

function formatOf({ mediaType }: DocumentVersion): string {
  const parser = PARSERS.find(({ format }) => format.mediaTypes[0] === mediaType);
  if (!parser) throw new AppError('document.type-unsupported');
  return parser.format.name;
}
