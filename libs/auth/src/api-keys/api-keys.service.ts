import { AuditLog } from '@app/audit';
import { randomToken, sha256 } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { API_KEY_PERMISSIONS, isAllowed, type Permission, WorkspaceAccess } from '@app/http';
import { AppError, Clock, decodeCursor, newId, type Page, toPage, type WorkspaceContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { LessThan } from 'typeorm';

import { ApiKey } from './api-key';

/** Tells keys from access tokens, and lets scanners find one that was published by mistake. */
export const API_KEY_PREFIX = 'cc_key_';
export const MAX_API_KEY_DAYS = 365;
/** Far more than programs a workspace has; a script gone wild stops here. */
const MAX_KEYS = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays: number;
}

export interface CreatedApiKey {
  readonly apiKey: ApiKey;
  /** The key itself, which nobody sees again. */
  readonly key: string;
}

/** The API keys of a workspace. They stay when their maker leaves: what runs on them belongs to the workspace. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly access: WorkspaceAccess,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError `request.invalid` naming each scope that keys cannot have or the maker does not have, `api-key.too-many`
   */
  async create(ctx: WorkspaceContext, input: NewApiKey): Promise<CreatedApiKey> {
    if (ctx.actor.type !== 'user') throw new AppError('access.denied');
    const { workspaceId, actor } = ctx;
    const scopes = await this.grantable(workspaceId, actor.id, input.scopes);
    const key = randomToken(API_KEY_PREFIX);
    const now = this.clock.now();
    const apiKey: ApiKey = {
      workspaceId,
      id: newId(),
      name: input.name,
      scopes,
      keyHash: sha256(key),
      keyLast4: key.slice(-4),
      createdBy: actor.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + input.expiresInDays * DAY_MS),
      lastUsedAt: null,
    };
    await this.db.run(ctx, async (tx) => {
      await this.mustHaveRoom(tx, workspaceId);
      await tx.getRepository(ApiKey).insert(apiKey);
      const expiresAt = apiKey.expiresAt.toISOString();
      await this.audit.record(tx, ctx, 'api-key.created', { apiKeyId: apiKey.id, scopes, expiresAt });
    });
    return { apiKey, key };
  }

  /**
   * Newest first, also those that ran out: until somebody removes them they tell what still uses them.
   * @throws AppError `request.invalid` for a cursor this list did not issue
   */
  list({ workspaceId, ...rest }: WorkspaceContext, query: { limit: number; cursor?: string }): Promise<Page<ApiKey>> {
    const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
    return this.db.run({ workspaceId, ...rest }, async (tx) => {
      const rows = await tx.getRepository(ApiKey).find({
        where: { workspaceId, ...(before !== undefined && { id: LessThan(before) }) },
        order: { id: 'DESC' },
        take: query.limit + 1,
      });
      return toPage(rows, query.limit);
    });
  }

  /**
   * The key is refused from the next request on, on every node.
   * @throws AppError `api-key.not-found`
   */
  async revoke(ctx: WorkspaceContext, apiKeyId: string): Promise<void> {
    await this.db.run(ctx, async (tx) => {
      const { workspaceId } = ctx;
      const { affected } = await tx.getRepository(ApiKey).delete({ workspaceId, id: apiKeyId });
      if (affected !== 1) throw new AppError('api-key.not-found');
      await this.audit.record(tx, ctx, 'api-key.revoked', { apiKeyId });
    });
  }

  private async grantable(workspaceId: string, userId: string, wanted: readonly string[]): Promise<Permission[]> {
    const role = await this.access.roleOf(userId, workspaceId);
    const own = API_KEY_PERMISSIONS.filter(
      (permission) => role !== null && role !== 'suspended' && isAllowed(role, permission),
    );
    const errors = wanted.flatMap((scope, index) =>
      own.some((permission) => permission === scope)
        ? []
        : [{ path: `scopes.${index}`, message: `must be one of ${own.join(', ')}` }],
    );
    if (errors.length > 0) throw new AppError('request.invalid', { errors });
    return own.filter((permission) => wanted.includes(permission));
  }

  private async mustHaveRoom(tx: Tx, workspaceId: string): Promise<void> {
    // One at a time, or many at once all count too few.
    await tx.query('select 1 from workspaces where id = $1 for update', [workspaceId]);
    if ((await tx.getRepository(ApiKey).countBy({ workspaceId })) >= MAX_KEYS) throw new AppError('api-key.too-many');
  }
}
