import { Readable } from 'node:stream';
import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, systemContext, type WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';
import { Document } from '../document.entity';
import { IngestionQueue, placeInLine } from '../pipeline/ingestion-queue';
import { deleteChunks } from '../pipeline/chunk-rows';
import { bumpKnowledgeVersion } from '../pipeline/knowledge-version';
import { type ScanVerdict, VirusScanner } from '../scanning/virus-scanner';
import { BlobStore } from '../storage/blob-store';
import { DocumentVersion } from '../versions/document-version.entity';
import type { RescanJob } from './rescan-queue';

const INFECTED = 'document.infected';

/** Scans again what was scanned before: engines learn, and are sometimes wrong. */
@Injectable()
export class Rescan {
  private readonly logger = new Logger(Rescan.name);

  constructor(
    private readonly db: WorkspaceDb,
    private readonly blobs: BlobStore,
    private readonly scanner: VirusScanner,
    private readonly ingestion: IngestionQueue,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Rejects while the scanner or the store is away; the queue tries again. */
  async run({ workspaceId, documentId }: RescanJob, signal: AbortSignal): Promise<void> {
    const ctx = systemContext(workspaceId);
    const versions = await this.db.run(ctx, (tx) =>
      tx.getRepository(DocumentVersion).find({ where: { workspaceId, documentId }, order: { version: 'DESC' } }),
    );
    for (const version of versions.filter(isScanned)) {
      const bytes = await this.bytesOf(version);
      if (!bytes) continue;
      const verdict = await this.scanner.scan(Readable.from([bytes]), signal);
      const place = await this.db.run(ctx, (tx) => this.apply(tx, ctx, version, verdict));
      if (place !== null) await this.ingestion.add(version, place);
    }
  }

  /** Null for what cannot be read any more: it must not keep the other versions from being scanned. */
  private async bytesOf({ workspaceId, documentId, blobId }: DocumentVersion): Promise<Buffer | null> {
    try {
      return await this.blobs.get({ workspaceId, blobId });
    } catch (error) {
      const isLost = error instanceof AppError && ['document.not-found', 'data.unreadable'].includes(error.code);
      if (!isLost) throw error;
      this.logger.warn({ err: error, documentId }, 'A file could not be read to be scanned again');
      return null;
    }
  }

  /** @returns its place in line when ingestion goes on, else null */
  private async apply(
    tx: Tx,
    ctx: WorkspaceContext,
    { workspaceId, documentId, version }: DocumentVersion,
    { infected, signature = 'unnamed' }: ScanVerdict,
  ): Promise<number | null> {
    const lock = { mode: 'pessimistic_write' as const };
    const document = await tx.getRepository(Document).findOne({ where: { workspaceId, id: documentId }, lock });
    const current = await tx.getRepository(DocumentVersion).findOneBy({ workspaceId, documentId, version });
    // Deleted, released or begun anew meanwhile.
    if (!document || !current || !isScanned(current)) return null;
    const now = this.clock.now();
    const versions = tx.getRepository(DocumentVersion);
    if (!infected) {
      const goesOn = current.status === 'quarantined';
      const fresh = { status: 'uploaded', errorCode: null, attempts: 0, findings: [] } as const;
      await versions.save({ ...current, ...(goesOn && { ...fresh, findings: [] }), scannedAt: now, updatedAt: now });
      if (goesOn) await this.audit.record(tx, ctx, 'document.released', { documentId, version, code: INFECTED });
      return goesOn ? placeInLine(tx, ctx) : null;
    }
    if (current.status === 'quarantined') return null;
    const held = { status: 'quarantined', errorCode: INFECTED, chunkCount: 0 } as const;
    const findings = [{ kind: 'malware', rule: signature } as const];
    await versions.save({ ...current, ...held, findings, updatedAt: now });
    await deleteChunks(tx, current);
    if (document.liveVersion === version) {
      await tx.getRepository(Document).save({ ...document, liveVersion: null, updatedAt: now });
      await bumpKnowledgeVersion(tx, ctx);
    }
    await this.audit.record(tx, ctx, 'document.quarantined', { documentId, version, code: INFECTED, rules: signature });
    return null;
  }
}

/** What a scan can still change: a person's release stands. */
const isScanned = ({ status, errorCode, acceptedCodes }: DocumentVersion): boolean =>
  status === 'indexed' ? !acceptedCodes.includes(INFECTED) : status === 'quarantined' && errorCode === INFECTED;
