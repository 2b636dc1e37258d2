import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { EmbedChanges } from './embed-changes';
import { Embed } from './embed.entity';

/** The one way embeds are changed: one at a time, with the time of the change, and every node is told afterwards. */
@Injectable()
export class EmbedStore {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly changes: EmbedChanges,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `embed.not-found` */
  async change(
    ctx: WorkspaceContext,
    id: string,
    work: (tx: Tx, embed: Embed) => Promise<void> | void,
  ): Promise<Embed> {
    const changed = await this.db.run(ctx, async (tx) => {
      const embed = await this.mustFind(tx, ctx, id, { isLocked: true });
      await work(tx, embed);
      embed.updatedAt = this.clock.now();
      return tx.getRepository(Embed).save(embed);
    });
    await this.tell(ctx, id);
    return changed;
  }

  /** Tells every node, after the commit. @param id null for all embeds of the workspace */
  tell({ workspaceId }: WorkspaceContext, id: string | null): Promise<void> {
    return this.changes.publish({ workspaceId, embedId: id });
  }

  /** @throws AppError `embed.not-found` */
  async mustFind(tx: Tx, ctx: WorkspaceContext, id: string, { isLocked = false } = {}): Promise<Embed> {
    const embed = await tx.getRepository(Embed).findOne({
      where: { workspaceId: ctx.workspaceId, id },
      ...(isLocked && { lock: { mode: 'pessimistic_write' as const } }),
    });
    if (!embed) throw new AppError('embed.not-found');
    return embed;
  }
}
