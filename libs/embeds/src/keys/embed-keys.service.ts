import { AuditLog } from '@app/audit';
import { randomToken, sha256 } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan } from 'typeorm';
import type { EmbedConfig } from '../embed-config';
import { snippetOf } from '../embed-snippet';
import { EmbedStore } from '../embed-store';
import { EmbedsOptions } from '../embeds-options';
import { EmbedKey } from './embed-key.entity';

export const EMBED_KEY_PREFIX = 'cc_pub_';
/** A key that was replaced stays in the report this long after its end. */
const KEPT_DAYS = 90;
/** Far more than sites that have not caught up yet; a script gone wild stops here. */
const MAX_LIVE_KEYS = 10;
const DAY_MS = 86_400_000;

/** A new key, and the script tag with it. Nobody sees either again. */
export interface IssuedKey {
  readonly embedKey: string;
  readonly snippet: string;
}

export interface RotatedKey extends IssuedKey {
  readonly key: EmbedKey;
}

interface MadeKey {
  readonly key: EmbedKey;
  readonly embedKey: string;
}

/** The keys of an embed: one is current, and those it replaced go on working until their overlap is over. */
@Injectable()
export class EmbedKeys {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly store: EmbedStore,
    private readonly options: EmbedsOptions,
    private readonly clock: Clock,
  ) {}

  /** A key that is stored nowhere yet. */
  make({ workspaceId, id: embedId }: { workspaceId: string; id: string }): MadeKey {
    const embedKey = randomToken(EMBED_KEY_PREFIX);
    const key: EmbedKey = {
      workspaceId,
      id: newId(),
      embedId,
      keyHash: sha256(embedKey),
      keyLast4: embedKey.slice(-4),
      createdAt: this.clock.now(),
      expiresAt: null,
      lastUsedAt: null,
      lastOrigin: null,
      lastPageHost: null,
      sessionCount: '0',
    };
    return { key, embedKey };
  }

  /** What the owner gets to see once. */
  show(embedKey: string, config: EmbedConfig): IssuedKey {
    return { embedKey, snippet: snippetOf(this.options.publicUrl(), embedKey, config) };
  }

  async add(tx: Tx, key: EmbedKey): Promise<void> {
    await tx.getRepository(EmbedKey).insert(key);
  }

  /**
   * A new key takes the place of the current one, which works for the overlap and then answers like an unknown one; what
   * was opened with it ends then too.
   * @throws AppError `embed.not-found`, `embed-key.too-many`
   */
  async rotate(ctx: WorkspaceContext, embedId: string, overlapSeconds: number): Promise<RotatedKey> {
    const { workspaceId } = ctx;
    const { key, embedKey } = this.make({ workspaceId, id: embedId });
    const endsAt = new Date(key.createdAt.getTime() + overlapSeconds * 1000);
    const { config } = await this.store.change(ctx, embedId, async (tx, embed) => {
      await this.makeRoom(tx, ctx, embedId);
      const current = { workspaceId, embedId, expiresAt: IsNull() };
      await tx.getRepository(EmbedKey).update(current, { expiresAt: endsAt });
      await this.add(tx, key);
      embed.keyLast4 = key.keyLast4;
      const data = { embedId, embedKeyId: key.id, oldKeyEndsAt: endsAt.toISOString() };
      await this.audit.record(tx, ctx, 'embed-key.rotated', data);
    });
    return { key, ...this.show(embedKey, config) };
  }

  /**
   * Newest first, also those whose overlap is over: they tell which pages still had them.
   * @throws AppError `embed.not-found`, `request.invalid` for a cursor this list did not issue
   */
  list(ctx: WorkspaceContext, embedId: string, query: { limit: number; cursor?: string }): Promise<Page<EmbedKey>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    return this.db.run(ctx, async (tx) => {
      await this.store.mustFind(tx, ctx, embedId);
      const rows = await tx.getRepository(EmbedKey).find({
        where: { workspaceId: ctx.workspaceId, embedId, ...(before !== undefined && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      return toPage(rows, query.limit);
    });
  }

  /**
   * Ends the overlap of a replaced key now. What was opened with it ends within a second. Twice is once.
   * @throws AppError `embed.not-found`, `embed-key.not-found`; `embed-key.current`: rotate first, or disable the embed
   */
  async revoke(ctx: WorkspaceContext, embedId: string, keyId: string): Promise<void> {
    await this.store.change(ctx, embedId, async (tx) => {
      const where = { workspaceId: ctx.workspaceId, embedId, id: keyId };
      const key = await tx.getRepository(EmbedKey).findOneBy(where);
      if (!key) throw new AppError('embed-key.not-found');
      if (key.expiresAt === null) throw new AppError('embed-key.current');
      const now = this.clock.now();
      if (key.expiresAt <= now) return;
      await tx.getRepository(EmbedKey).update(where, { expiresAt: now });
      await this.audit.record(tx, ctx, 'embed-key.revoked', { embedId, embedKeyId: keyId });
    });
  }

  private async makeRoom(tx: Tx, { workspaceId }: WorkspaceContext, embedId: string): Promise<void> {
    const now = this.clock.now();
    const own = { workspaceId, embedId };
    const keys = tx.getRepository(EmbedKey);
    await keys.delete({ ...own, expiresAt: LessThan(new Date(now.getTime() - KEPT_DAYS * DAY_MS)) });
    const live = await keys.countBy([
      { ...own, expiresAt: IsNull() },
      { ...own, expiresAt: MoreThan(now) },
    ]);
    if (live >= MAX_LIVE_KEYS) throw new AppError('embed-key.too-many');
  }
}
