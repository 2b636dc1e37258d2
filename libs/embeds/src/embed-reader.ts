import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, systemContext } from '@app/kernel';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type EmbedChange, EmbedChanges } from './embed-changes';
import type { EmbedTexts } from './embed.entity';
import { matchesOrigin } from './origin-rule';

/** An embed that may be used now. */
export interface ActiveEmbed {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly generation: number;
  readonly allowedOrigins: readonly string[];
  readonly texts: EmbedTexts;
}

/** What a visitor token claims, as far as the embed decides about it. */
export interface EmbedClaim {
  readonly workspaceId: string;
  readonly embedId: string;
  readonly generation: number;
  readonly origin: string;
}

interface CachedEmbed {
  readonly embed: Promise<ActiveEmbed | null>;
  readonly expiresAt: number;
}

/** A token is re-checked on every socket event; one read a second is what a kill switch may lag if pub/sub is lost. */
const MAX_AGE_MS = 1_000;
const MAX_CACHED = 10_000;

/** The read side of embeds for neighbours: is it alive, may this token still be used. */
@Injectable()
export class EmbedReader implements OnModuleInit, OnApplicationShutdown {
  private readonly cache = new Map<string, CachedEmbed>();
  private readonly listeners = new Set<(change: EmbedChange) => void>();
  private unsubscribe?: () => Promise<void>;

  constructor(
    private readonly db: WorkspaceDb,
    private readonly changes: EmbedChanges,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.unsubscribe = await this.changes.subscribe((change) => {
      this.forget(change);
      for (const listener of this.listeners) listener(change);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.unsubscribe?.();
  }

  /** The embed, or null when it is unknown, deleted, disabled or its workspace suspended. At most one second old. */
  findActive(workspaceId: string, embedId: string): Promise<ActiveEmbed | null> {
    const key = cacheKey(workspaceId, embedId);
    const now = this.clock.now().getTime();
    const cached = this.cache.get(key);
    if (cached && cached.expiresAt > now) return cached.embed;
    const embed = this.read(workspaceId, embedId);
    this.remember(key, { embed, expiresAt: now + MAX_AGE_MS });
    return embed;
  }

  /**
   * Calls back on every node after an embed changed; what is read from then on is new. A message may be lost, so a
   * listener does not replace `isLive`.
   * @returns ends it.
   */
  onChange(listener: (change: EmbedChange) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Whether a token of this embed, origin and generation is still good. */
  async isLive(claim: EmbedClaim): Promise<boolean> {
    const embed = await this.findActive(claim.workspaceId, claim.embedId);
    return embed !== null && embed.generation === claim.generation && matchesOrigin(embed.allowedOrigins, claim.origin);
  }

  private forget({ workspaceId, embedId }: EmbedChange): void {
    if (embedId !== null) this.cache.delete(cacheKey(workspaceId, embedId));
    // Rare, and not worth an index by workspace: a suspension.
    else for (const key of this.cache.keys()) if (key.startsWith(`${workspaceId}:`)) this.cache.delete(key);
  }

  private remember(key: string, entry: CachedEmbed): void {
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(key, entry);
    // A failed read must not be served again; the caller of this read gets the error itself.
    entry.embed.catch(() => {
      if (this.cache.get(key) === entry) this.cache.delete(key);
    });
  }

  private read(workspaceId: string, embedId: string): Promise<ActiveEmbed | null> {
    return this.db.run(systemContext(workspaceId), async (tx: Tx) => {
      const rows: EmbedRow[] = await tx.query(
        `select embed.generation, embed.allowed_origins, embed.config
         from embeds embed join workspaces workspace on workspace.id = embed.workspace_id
         where embed.workspace_id = $1 and embed.id = $2 and embed.is_enabled and workspace.suspended_at is null`,
        [workspaceId, embedId],
      );
      const row = rows[0];
      if (!row) return null;
      const { generation, allowed_origins: allowedOrigins, config: texts } = row;
      return { workspaceId, embedId, generation, allowedOrigins, texts };
    });
  }
}

interface EmbedRow {
  generation: number;
  allowed_origins: string[];
  config: EmbedTexts;
}

const cacheKey = (workspaceId: string, embedId: string): string => `${workspaceId}:${embedId}`;
