import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, decodeCursor, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan } from 'typeorm';
import { mustFindSource } from './find-source';
import { SourceChange } from './source-change.entity';
import { SourcePage } from './source-page.entity';
import type { ChangesQuery, SourcePagesQuery } from './source-reports.dto';
import { SourceRun } from './source-run.entity';

interface Asked {
  readonly limit: number;
  readonly cursor?: string;
}

/** What syncs of a source did, and what is known of its pages. All @throws AppError `source.not-found`. */
@Injectable()
export class SourceReports {
  constructor(private readonly db: WorkspaceDb) {}

  /** Newest first; the last fifty are kept. */
  runs(ctx: WorkspaceContext, sourceId: string, query: Asked): Promise<Page<SourceRun>> {
    const { workspaceId } = ctx;
    const before = cursorOf(query);
    return this.db.run(ctx, async (tx) => {
      await mustFindSource(tx, ctx, sourceId);
      const where = { workspaceId, sourceId, ...(before && { id: LessThan(before) }) };
      const rows = await tx.getRepository(SourceRun).find({ where, order: { id: 'DESC' }, take: query.limit + 1 });
      return toPage(rows, query.limit);
    });
  }

  /** In the order in which they were found. @throws AppError `source.run-not-found` */
  changes(
    ctx: WorkspaceContext,
    sourceId: string,
    { runId, kind, ...query }: ChangesQuery,
  ): Promise<Page<SourceChange>> {
    const { workspaceId } = ctx;
    const after = cursorOf(query);
    return this.db.run(ctx, async (tx) => {
      await mustFindSource(tx, ctx, sourceId);
      const run = await mustFindRun(tx, ctx, { sourceId, runId });
      const where = { workspaceId, runId: run.id, ...(kind && { kind }), ...(after && { id: MoreThan(after) }) };
      const rows = await tx.getRepository(SourceChange).find({ where, order: { id: 'ASC' }, take: query.limit + 1 });
      return toPage(rows, query.limit);
    });
  }

  pages(ctx: WorkspaceContext, sourceId: string, { state, ...query }: SourcePagesQuery): Promise<Page<SourcePage>> {
    const { workspaceId } = ctx;
    const after = cursorOf(query);
    return this.db.run(ctx, async (tx) => {
      await mustFindSource(tx, ctx, sourceId);
      const where = { workspaceId, sourceId, ...(state && { state }), ...(after && { id: MoreThan(after) }) };
      const rows = await tx.getRepository(SourcePage).find({ where, order: { id: 'ASC' }, take: query.limit + 1 });
      return toPage(rows, query.limit);
    });
  }
}

const cursorOf = ({ cursor }: { cursor?: string }): string | undefined =>
  cursor === undefined ? undefined : decodeCursor(cursor);

async function mustFindRun(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  { sourceId, runId }: { sourceId: string; runId?: string },
): Promise<SourceRun> {
  const where = { workspaceId, sourceId, ...(runId !== undefined && { id: runId }) };
  const run = await tx.getRepository(SourceRun).findOne({ where, order: { id: 'DESC' } });
  if (!run) throw new AppError('source.run-not-found');
  return run;
}
