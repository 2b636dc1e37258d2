import { type Tx, WorkspaceDb } from '@app/database';
import { Clock, systemContext } from '@app/kernel';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type ActiveEmbed, type EmbedClaim, isOpenAt, isTokenGood, readEmbeds } from './active-embed';
import { type EmbedChange, EmbedChanges } from './embed-changes';
import { EmbedExpiries } from './embed-expiries';

interface EmbedIds {
  readonly workspaceId: string;
  readonly embedId: string;
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
  private readonly expiries: EmbedExpiries;
  private unsubscribe?: () => Promise<void>;

  constructor(
    private readonly db: WorkspaceDb,
    private readonly changes: EmbedChanges,
    private readonly clock: Clock,
  ) {
    this.expiries = new EmbedExpiries(clock, (change) => this.changed(change));
  }

  async onModuleInit(): Promise<void> {
    this.unsubscribe = await this.changes.subscribe((change) => this.changed(change));
    this.expiries.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.expiries.stop();
    await this.unsubscribe?.();
  }

  /**
   * The embed, or null when it is unknown, deleted, disabled, has run out or its workspace is suspended. What was read is
   * at most one second old; whether it has run out is judged at the moment of the question.
   */
  async findActive(workspaceId: string, embedId: string): Promise<ActiveEmbed | null> {
    const [embed = null] = await this.findAll(workspaceId, [embedId]);
    return embed && isOpenAt(embed, this.clock.now()) ? embed : null;
  }

  /** The same, read now, in a transaction that is open for its workspace. */
  async readActive(tx: Tx, { workspaceId, embedId }: EmbedIds): Promise<ActiveEmbed | null> {
    const embed = (await readEmbeds(tx, workspaceId, [embedId])).get(embedId) ?? null;
    return embed && isOpenAt(embed, this.clock.now()) ? embed : null;
  }

  /**
   * Calls back on every node after an embed changed, and when it or one of its keys has run out; what is read from then
   * on is new. A message may be lost, so a listener does not replace `isLive`.
   * @returns ends it.
   */
  onChange(listener: (change: EmbedChange) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Whether a token of this embed, key, origin and generation is still good. */
  async isLive(claim: EmbedClaim): Promise<boolean> {
    const [isGood = false] = await this.areLive([claim]);
    return isGood;
  }

  /**
   * The same of many at once, in their order: at most one query a workspace, and none for what was read within the last
   * second. For whoever asks about all sockets of a node again and again.
   */
  async areLive(claims: readonly EmbedClaim[]): Promise<boolean[]> {
    const wanted = new Map<string, Set<string>>();
    for (const { workspaceId, embedId } of claims) {
      wanted.set(workspaceId, (wanted.get(workspaceId) ?? new Set()).add(embedId));
    }
    const read = [...wanted].map(([workspaceId, embedIds]) => this.findAll(workspaceId, [...embedIds]));
    const found = (await Promise.all(read)).flat().filter((embed) => embed !== null);
    const embeds = new Map(found.map((embed) => [keyOf(embed), embed]));
    const now = this.clock.now();
    return claims.map((claim) => {
      const embed = embeds.get(keyOf(claim));
      return embed !== undefined && isTokenGood(embed, claim, now);
    });
  }

  /** In the order of the ids; null for those that cannot be used. What is not fresh is read together. */
  private findAll(workspaceId: string, embedIds: readonly string[]): Promise<(ActiveEmbed | null)[]> {
    const now = this.clock.now().getTime();
    const fresh = (embedId: string): CachedEmbed | undefined => {
      const cached = this.cache.get(keyOf({ workspaceId, embedId }));
      return cached && cached.expiresAt > now ? cached : undefined;
    };
    const stale = embedIds.filter((embedId) => !fresh(embedId));
    const none = Promise.resolve(new Map<string, ActiveEmbed>());
    const reading = stale.length > 0 ? this.read(workspaceId, stale) : none;
    return Promise.all(
      embedIds.map((embedId) => {
        const cached = fresh(embedId);
        if (cached) return cached.embed;
        const embed = reading.then((embeds) => embeds.get(embedId) ?? null);
        this.remember(keyOf({ workspaceId, embedId }), { embed, expiresAt: now + MAX_AGE_MS });
        return embed;
      }),
    );
  }

  private async read(workspaceId: string, embedIds: readonly string[]): Promise<Map<string, ActiveEmbed>> {
    const embeds = await this.db.run(systemContext(workspaceId), (tx) => readEmbeds(tx, workspaceId, embedIds));
    for (const { embedId, expiresAt, keys } of embeds.values()) {
      this.expiries.note({ workspaceId, embedId }, [expiresAt, ...keys.map((key) => key.expiresAt)]);
    }
    return embeds;
  }

  private changed(change: EmbedChange): void {
    this.forget(change);
    for (const listener of this.listeners) listener(change);
  }

  private forget({ workspaceId, embedId }: EmbedChange): void {
    if (embedId !== null) this.cache.delete(keyOf({ workspaceId, embedId }));
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
}

const keyOf = ({ workspaceId, embedId }: EmbedIds): string => `${workspaceId}:${embedId}`;
