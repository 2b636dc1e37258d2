import { AuditLog } from '@app/audit';
import { WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { Document } from '../document.entity';
import { IngestionQueue, placeInLine } from '../pipeline/ingestion-queue';
import { DocumentVersion } from '../versions/document-version.entity';
import { type DocumentState, mustFindState } from '../versions/find-document';
import { RescanQueue } from './rescan-queue';

/** What a scanner or the inspection held back, and what people decide about it. Deleting is deleting the document. */
@Injectable()
export class Quarantine {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly ingestion: IngestionQueue,
    private readonly rescans: RescanQueue,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Documents whose newest version is held back, newest first. */
  list(
    ctx: WorkspaceContext,
    query: { limit: number; cursor?: string },
  ): Promise<Page<DocumentState & { id: string }>> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor);
    const { workspaceId } = ctx;
    return this.db.run(ctx, async (tx) => {
      const held = await tx
        .getRepository(DocumentVersion)
        .createQueryBuilder('v')
        .innerJoinAndMapOne(
          'v.document',
          Document,
          'd',
          'd.workspaceId = v.workspaceId and d.id = v.documentId and d.newestVersion = v.version',
        )
        .where(`v.workspaceId = :workspaceId and v.status = 'quarantined'`, { workspaceId })
        .andWhere('(cast(:before as uuid) is null or v.documentId < :before)', { before })
        .orderBy('v.documentId', 'DESC')
        .take(query.limit + 1)
        .getMany();
      // `innerJoinAndMapOne` sets this property.
      const rows = held as (DocumentVersion & { document: Document })[];
      return toPage(
        rows.map(({ document, ...newest }) => ({ id: document.id, document, newest })),
        query.limit,
      );
    });
  }

  /**
   * A person has looked at it: ingestion goes on, and what held it holds it no more.
   * @throws AppError `document.not-found`, `document.not-quarantined`
   */
  async release(ctx: WorkspaceContext, id: string): Promise<DocumentState> {
    const { place, ...state } = await this.db.run(ctx, async (tx) => {
      const { document, newest: held } = await mustFindState(tx, ctx, id, { isLocked: true });
      const { version, errorCode: code } = held;
      if (held.status !== 'quarantined' || code === null) throw new AppError('document.not-quarantined');
      const fresh = { status: 'uploaded', errorCode: null, attempts: 0 } as const;
      const acceptedCodes = [...held.acceptedCodes, code];
      const newest = await tx
        .getRepository(DocumentVersion)
        .save({ ...held, ...fresh, acceptedCodes, updatedAt: this.clock.now() });
      await this.audit.record(tx, ctx, 'document.released', { documentId: id, version, code });
      return { document, newest, place: await placeInLine(tx, ctx) };
    });
    await this.ingestion.add(state.newest, place);
    return state;
  }

  /**
   * Has the files of all versions scanned again, in the background, by what the scanner knows now.
   * @throws AppError `document.not-found`, `document.not-rescannable` for one that is held for its text
   */
  async rescan(ctx: WorkspaceContext, id: string): Promise<DocumentState> {
    const state = await this.db.run(ctx, async (tx) => {
      const found = await mustFindState(tx, ctx, id);
      const { status, errorCode } = found.newest;
      if (status === 'quarantined' && errorCode !== 'document.infected') throw new AppError('document.not-rescannable');
      await this.audit.record(tx, ctx, 'document.rescan-requested', { documentId: id });
      return found;
    });
    await this.rescans.add({ workspaceId: ctx.workspaceId, documentId: id });
    return state;
  }
}
