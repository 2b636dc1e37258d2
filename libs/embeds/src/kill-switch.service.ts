import { AuditLog } from '@app/audit';
import { WorkspaceDb } from '@app/database';
import type { WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { Embed } from './embed.entity';
import { EmbedStore } from './embed-store';

/**
 * Ends every token that is out there, and with it every socket, within a second on every node. The embed itself goes on:
 * whoever is on an allowed site may open a new session at once. To keep everybody out, disable the embed.
 */
@Injectable()
export class KillSwitch {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly store: EmbedStore,
  ) {}

  /** @throws AppError `embed.not-found` */
  kill(ctx: WorkspaceContext, id: string): Promise<Embed> {
    return this.store.change(ctx, id, async (tx, embed) => {
      embed.generation += 1;
      await this.audit.record(tx, ctx, 'embed.killed', { embedId: id });
    });
  }

  /** All embeds of the workspace. @returns how many there are */
  async killAll(ctx: WorkspaceContext): Promise<number> {
    const { workspaceId } = ctx;
    const count = await this.db.run(ctx, async (tx) => {
      const sql = 'update embeds set generation = generation + 1 where workspace_id = $1';
      const [, killed]: [unknown[], number] = await tx.query(sql, [workspaceId]);
      await this.audit.record(tx, ctx, 'embed.killed', { all: true, count: killed });
      return killed;
    });
    await this.store.tell(ctx, null);
    return count;
  }
}
