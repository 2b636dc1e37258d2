import type { Tx } from '@app/database';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import {
  embedCeilings,
  lowest,
  NO_LIMITS,
  USAGE_LIMIT_COLUMNS,
  USAGE_LIMIT_NAMES,
  type UsageLimitChanges,
  type UsageLimits,
  usageLimits,
  workspaceCeilings,
} from './usage-limits';
import { UsageOptions } from './usage-options';

type LimitsRow = Record<string, string | number | null> & { embed_id: string | null };

/** What holds for a workspace and one of its embeds. */
export interface EffectiveLimits {
  readonly workspace: UsageLimits;
  /** The embed's own and the installation's for embeds; the workspace's hold beside them. */
  readonly embed: UsageLimits;
}

/** The rows of `usage_limits`. */
@Injectable()
export class UsageLimitsStore {
  constructor(
    private readonly options: UsageOptions,
    private readonly clock: Clock,
  ) {}

  /** What was set for the workspace (`embedId` null) or the embed. */
  async read(tx: Tx, workspaceId: string, embedId: string | null): Promise<UsageLimits> {
    const rows = await this.rows(tx, workspaceId, embedId);
    return toLimits(rows.find(({ embed_id }) => embed_id === embedId));
  }

  async readEffective(tx: Tx, workspaceId: string, embedId: string | null): Promise<EffectiveLimits> {
    const rows = await this.rows(tx, workspaceId, embedId);
    const own = (id: string | null): UsageLimits => toLimits(rows.find(({ embed_id }) => embed_id === id));
    return {
      workspace: lowest(workspaceCeilings(this.options), own(null)),
      embed: lowest(embedCeilings(this.options), embedId === null ? NO_LIMITS : own(embedId)),
    };
  }

  /** What was told of the old ones is forgotten, so that it is told again of the new ones. */
  async write(tx: Tx, workspaceId: string, embedId: string | null, changes: UsageLimitChanges): Promise<void> {
    const names = USAGE_LIMIT_NAMES.filter((name) => changes[name] !== undefined);
    const columns = ['updated_at', ...names.map((name) => USAGE_LIMIT_COLUMNS[name])];
    await tx.query(
      `insert into usage_limits (workspace_id, embed_id, ${columns.join(', ')})
       values ($1, $2, ${columns.map((_, index) => `$${index + 3}`).join(', ')})
       on conflict (workspace_id, embed_id) do update
         set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
      [workspaceId, embedId, this.clock.now(), ...names.map((name) => changes[name])],
    );
    await tx.query(
      `update usage_counters set notices = '{}' where workspace_id = $1 and embed_id is not distinct from $2`,
      [workspaceId, embedId],
    );
  }

  private rows(tx: Tx, workspaceId: string, embedId: string | null): Promise<LimitsRow[]> {
    return tx.query('select * from usage_limits where workspace_id = $1 and (embed_id is null or embed_id = $2)', [
      workspaceId,
      embedId,
    ]);
  }
}

/** The driver gives a bigint as text. */
const toLimits = (row: LimitsRow | undefined): UsageLimits =>
  usageLimits((name) => {
    const value = row?.[USAGE_LIMIT_COLUMNS[name]] ?? null;
    return value === null ? null : Number(value);
  });
