import { AuditLog } from '@app/audit';
import type { BudgetsConfig } from '@app/config';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { UsageLimitsDto } from './usage-limits.dto';
import { lowest, USAGE_LIMIT_NAMES, type UsageLimitChanges, type UsageLimits, workspaceCeilings } from './usage-limits';
import { UsageLimitsReader } from './usage-limits.reader';
import { UsageLimitsStore } from './usage-limits.store';
import { UsageOptions } from './usage-options';

export interface LimitsInForce {
  readonly own: UsageLimits;
  readonly effective: UsageLimits;
}

/** What admins set for a workspace or one of its embeds. */
@Injectable()
export class UsageLimitsService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly store: UsageLimitsStore,
    private readonly reader: UsageLimitsReader,
    private readonly options: UsageOptions,
  ) {}

  /**
   * @param embedId null for the workspace's own
   * @throws AppError `embed.not-found`
   */
  get(ctx: WorkspaceContext, embedId: string | null): Promise<LimitsInForce> {
    return this.db.run(ctx, async (tx) => {
      await this.mustExist(tx, ctx, embedId);
      return this.inForce(tx, ctx, embedId);
    });
  }

  /**
   * Changes what is given. Later messages and answers go by the new ones on every node, within seconds at the latest.
   * @throws AppError `embed.not-found`, `request.invalid` naming each limit above what the workspace or installation has,
   * and each of money where no model has a price
   */
  async change(ctx: WorkspaceContext, embedId: string | null, changes: UsageLimitsDto): Promise<LimitsInForce> {
    const result = await this.db.run(ctx, async (tx) => {
      await this.mustExist(tx, ctx, embedId);
      refuseUncounted(changes, this.options.budgets);
      refuseAbove(changes, await this.ceilings(tx, ctx, embedId));
      if (Object.values(changes).every((limit) => limit === undefined)) return this.inForce(tx, ctx, embedId);
      await this.store.write(tx, ctx.workspaceId, embedId, changes);
      await this.audit.record(tx, ctx, 'usage-limits.updated', { ...(embedId && { embedId }), ...given(changes) });
      return this.inForce(tx, ctx, embedId);
    });
    await this.reader.changed(ctx.workspaceId);
    return result;
  }

  private async inForce(tx: Tx, { workspaceId }: WorkspaceContext, embedId: string | null): Promise<LimitsInForce> {
    const own = await this.store.read(tx, workspaceId, embedId);
    const { workspace, embed } = await this.store.readEffective(tx, workspaceId, embedId);
    return { own, effective: embedId === null ? workspace : lowest(workspace, embed) };
  }

  private async ceilings(tx: Tx, { workspaceId }: WorkspaceContext, embedId: string | null): Promise<UsageLimits> {
    if (embedId === null) return workspaceCeilings(this.options);
    return (await this.store.readEffective(tx, workspaceId, null)).workspace;
  }

  private async mustExist(tx: Tx, { workspaceId }: WorkspaceContext, embedId: string | null): Promise<void> {
    if (embedId === null) return;
    const rows: unknown[] = await tx.query('select id from embeds where workspace_id = $1 and id = $2', [
      workspaceId,
      embedId,
    ]);
    if (rows.length === 0) throw new AppError('embed.not-found');
  }
}

/** Without a price nothing costs anything, and the limit would never be reached. */
function refuseUncounted(changes: UsageLimitChanges, { prices }: BudgetsConfig): void {
  if (prices.size > 0) return;
  const errors = (['costMicrosPerDay', 'costMicrosPerMonth'] as const)
    .filter((path) => typeof changes[path] === 'number')
    .map((path) => ({ path, message: 'needs MODEL_PRICES, which this server does not set: limit tokens or calls' }));
  if (errors.length > 0) throw new AppError('request.invalid', { errors });
}

function refuseAbove(changes: UsageLimitChanges, ceilings: UsageLimits): void {
  const errors = USAGE_LIMIT_NAMES.flatMap((path) => {
    const [limit = null, ceiling] = [changes[path], ceilings[path]];
    return limit !== null && ceiling !== null && limit > ceiling
      ? [{ path, message: `must be at most ${ceiling}, which holds for all` }]
      : [];
  });
  if (errors.length > 0) throw new AppError('request.invalid', { errors });
}

const given = (changes: UsageLimitChanges): Record<string, number | null> =>
  Object.fromEntries(Object.entries(changes).flatMap(([name, limit]) => (limit === undefined ? [] : [[name, limit]])));
