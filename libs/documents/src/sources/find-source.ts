import type { Tx } from '@app/database';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Source } from './source.entity';
import { SourceRun } from './source-run.entity';

/**
 * @param isLocked waits for, and holds off, everybody else who changes the source or its runs
 * @throws AppError `source.not-found`
 */
export async function mustFindSource(
  tx: Tx,
  { workspaceId }: WorkspaceContext,
  id: string,
  { isLocked = false } = {},
): Promise<Source> {
  const source = await tx.getRepository(Source).findOne({
    where: { workspaceId, id },
    ...(isLocked && { lock: { mode: 'pessimistic_write' as const } }),
  });
  if (!source) throw new AppError('source.not-found');
  return source;
}

export const findRunning = (tx: Tx, { workspaceId, id }: Source): Promise<SourceRun | null> =>
  tx.getRepository(SourceRun).findOneBy({ workspaceId, sourceId: id, status: 'running' });

/** The newest runs of some sources, by the source's id. */
export async function lastRuns(tx: Tx, ctx: WorkspaceContext, ids: readonly string[]): Promise<Map<string, SourceRun>> {
  const runs = await tx
    .getRepository(SourceRun)
    .createQueryBuilder('r')
    .distinctOn(['r.sourceId'])
    .where('r.workspaceId = :workspaceId and r.sourceId = any(:ids)', { workspaceId: ctx.workspaceId, ids })
    .orderBy('r.sourceId')
    .addOrderBy('r.id', 'DESC')
    .getMany();
  return new Map(runs.map((run) => [run.sourceId, run]));
}
