import { PubSub } from '@app/cache';
import { WorkspaceDb } from '@app/database';
import { Clock, systemContext } from '@app/kernel';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type EffectiveLimits, UsageLimitsStore } from './usage-limits.store';

const CHANNEL = 'usage-limits.changed';
/** How long other nodes may go by old limits when they were not told. */
const MAX_AGE_MS = 5_000;
const MAX_CACHED = 10_000;

interface CachedLimits {
  readonly limits: Promise<EffectiveLimits>;
  readonly expiresAt: number;
}

/** The limits in force, kept for a moment: they are asked for at every message, before the database is. */
@Injectable()
export class UsageLimitsReader implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(UsageLimitsReader.name);
  /** By workspace, then by embed. */
  private readonly cache = new Map<string, Map<string, CachedLimits>>();
  private unsubscribe?: () => Promise<void>;

  constructor(
    private readonly db: WorkspaceDb,
    private readonly store: UsageLimitsStore,
    private readonly pubSub: PubSub,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.unsubscribe = await this.pubSub.subscribe(CHANNEL, (workspaceId) => void this.cache.delete(workspaceId));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.unsubscribe?.();
  }

  find(workspaceId: string, embedId: string): Promise<EffectiveLimits> {
    const now = this.clock.now().getTime();
    const cached = this.cache.get(workspaceId)?.get(embedId);
    if (cached && cached.expiresAt > now) return cached.limits;
    const limits = this.db.run(systemContext(workspaceId), (tx) => this.store.readEffective(tx, workspaceId, embedId));
    this.remember(workspaceId, embedId, { limits, expiresAt: now + MAX_AGE_MS });
    return limits;
  }

  /** Call after a change was committed. Never rejects: nodes that do not hear of it read anew within seconds. */
  async changed(workspaceId: string): Promise<void> {
    this.cache.delete(workspaceId);
    try {
      await this.pubSub.publish(CHANNEL, workspaceId);
    } catch (error) {
      this.logger.warn({ err: error, workspaceId }, 'other nodes were not told of new usage limits');
    }
  }

  private remember(workspaceId: string, embedId: string, entry: CachedLimits): void {
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    const embeds = this.cache.get(workspaceId) ?? new Map<string, CachedLimits>();
    this.cache.set(workspaceId, embeds.set(embedId, entry));
    // A failed read must not be served again; the caller of this read gets the error itself.
    entry.limits.catch(() => {
      if (embeds.get(embedId) === entry) embeds.delete(embedId);
    });
  }
}
