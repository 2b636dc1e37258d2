import { Readable } from 'node:stream';
import { AppError, type ErrorCode, systemContext, type WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { chunkDocument } from '../chunking/chunker';
import type { Document } from '../document.entity';
import { PARSERS } from '../parsing/parser-list';
import { ParserProcess } from '../parsing/parser-process';
import { VirusScanner } from '../scanning/virus-scanner';
import { BlobStore } from '../storage/blob-store';
import { ChunkEmbedder } from './chunk-embedder';
import { chooseTitle } from './document-title';
import type { IngestionJob } from './ingestion-queue';
import { IngestionRecord, IngestionWithdrawn } from './ingestion-record';

/** Attempts without getting further before a document is given up: a crash in between counts too. */
export const MAX_ATTEMPTS = 5;

/**
 * The way of a document from bytes to passages: scan, parse, chunk, embed, go live. Every step leaves the document so
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
  ) {}

  /**
   * Resolves when the document is indexed, has failed for good, or was deleted or cancelled.
   * Rejects when another attempt may succeed; the queue makes it.
   */
  async run({ workspaceId, documentId }: IngestionJob, signal: AbortSignal): Promise<void> {
    const ctx = systemContext(workspaceId);
    const document = await this.record.begin(ctx, documentId);
    if (!document) return;
    try {
      if (document.attempts > MAX_ATTEMPTS) throw new AppError('document.processing-failed');
      // Chunks are complete once a document is being embedded.
      if (document.status !== 'embedding') await this.read(ctx, document, signal);
      await this.embedder.embed(ctx, documentId, signal);
      await this.record.finish(ctx, documentId);
    } catch (error) {
      if (error instanceof IngestionWithdrawn) return;
      if (!signal.aborted) return this.giveUpOrRethrow(ctx, document, error);
      await this.record.takeBackAttempt(ctx, documentId); // a shutdown says nothing about the document
      throw error;
    }
  }

  private async read(ctx: WorkspaceContext, document: Document, signal: AbortSignal): Promise<void> {
    const { id, version } = document;
    await this.record.enter(ctx, id, 'scanning');
    const bytes = await this.blobs.get({ workspaceId: ctx.workspaceId, blobId: id });
    const { infected } = await this.scanner.scan(Readable.from([bytes]), signal);
    if (infected) throw new AppError('document.infected');
    await this.record.enter(ctx, id, 'parsing');
    const parsed = await this.parser.parse(formatOf(document), bytes, signal);
    await this.record.enter(ctx, id, 'chunking');
    const chunks = await chunkDocument({ workspaceId: ctx.workspaceId, documentId: id, version }, parsed);
    if (chunks.length === 0) throw new AppError('document.no-text');
    await this.record.saveChunks(ctx, document, chunks);
    await this.record.enterEmbedding(ctx, id, {
      title: chooseTitle(parsed, document.fileName),
      pageCount: parsed.pageCount ?? null,
      chunkCount: chunks.length,
      hiddenSections: parsed.sections.filter(({ isHidden }) => isHidden).length,
    });
  }

  private async giveUpOrRethrow(ctx: WorkspaceContext, document: Document, error: unknown): Promise<void> {
    const code = error instanceof AppError ? error.code : 'document.processing-failed';
    if (isPassing(code) && document.attempts < MAX_ATTEMPTS) throw error;
    if (!(error instanceof AppError))
      this.logger.warn({ err: error, documentId: document.id }, 'Ingestion was given up');
    // Before the row says so: bytes that were found infected do not stay.
    if (code === 'document.infected') {
      await this.blobs.delete({ workspaceId: ctx.workspaceId, blobId: document.id });
    }
    await this.record.fail(ctx, document.id, code);
  }
}

/** Whether the cause lies outside the file. */
function isPassing(code: ErrorCode): boolean {
  return !code.startsWith('document.') || code === 'document.scan-unavailable' || code === 'document.processing-failed';
}

function formatOf({ mediaType }: Document): string {
  const parser = PARSERS.find(({ format }) => format.mediaTypes[0] === mediaType);
  if (!parser) throw new AppError('document.type-unsupported');
  return parser.format.name;
}
