import { KeyValueStore } from '@app/cache';
import { sha256 } from '@app/crypto';
import { type FoundApiKey, SystemDb, WorkspaceDb } from '@app/database';
import { API_KEY_PERMISSIONS, type ApiKeyCaller } from '@app/http';
import { AppError, Clock, type WorkspaceContext } from '@app/kernel';
import { Injectable, Logger } from '@nestjs/common';

import { API_KEY_PREFIX } from './api-keys.service';

/** The prefix and 32 bytes in base64url. */
const API_KEY = new RegExp(`^${API_KEY_PREFIX}[A-Za-z0-9_-]{43}$`);
/** How exact "last used" is: one write a minute and key, however busy its program is. */
const LAST_USED_STEP_MS = 60_000;
/** What one program may ask in a minute, from however many addresses. Its addresses have limits of their own. */
const REQUESTS_PER_MINUTE = 600;
const MINUTE_SECONDS = 60;

/** Tells which API key a bearer token is. */
@Injectable()
export class ApiKeyAuthenticator {
  private readonly logger = new Logger(ApiKeyAuthenticator.name);

  constructor(
    private readonly systemDb: SystemDb,
    private readonly db: WorkspaceDb,
    private readonly store: KeyValueStore,
    private readonly clock: Clock,
  ) {}

  /** The API key in an `Authorization` header; null when it holds something else, such as an access token. */
  keyIn(authorization: string): string | null {
    const token = /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
    return token.startsWith(API_KEY_PREFIX) ? token : null;
  }

  /**
   * Asks the database for each request, so a key that was revoked or whose workspace was suspended is refused at once.
   * It is found by its hash: how long that takes says nothing about the key.
   *
   * @throws AppError `auth.token-invalid`, `limit.requests`
   */
  async authenticate(key: string): Promise<ApiKeyCaller> {
    const found = API_KEY.test(key) ? await this.systemDb.findApiKeyByHash(sha256(key)) : null;
    if (!found || found.expiresAt <= this.clock.now()) throw new AppError('auth.token-invalid');
    await this.count(found);
    await this.noteUse(found);
    const { apiKeyId, workspaceId, scopes } = found;
    return { apiKeyId, workspaceId, permissions: new Set(API_KEY_PERMISSIONS.filter((own) => scopes.includes(own))) };
  }

  /** While the store is away the limit by address is what is left, which counts by itself then. */
  private async count({ apiKeyId }: FoundApiKey): Promise<void> {
    const counted = await this.store
      .increment(`limit:api-key:${apiKeyId}`, MINUTE_SECONDS)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'Requests with an API key are not counted'));
    if (!counted || counted.count <= REQUESTS_PER_MINUTE) return;
    throw new AppError('limit.requests', { retryAfterSeconds: counted.resetsInSeconds });
  }

  private async noteUse({ workspaceId, apiKeyId, lastUsedAt }: FoundApiKey): Promise<void> {
    const now = this.clock.now();
    const before = new Date(now.getTime() - LAST_USED_STEP_MS);
    if (lastUsedAt !== null && lastUsedAt > before) return;
    const ctx: WorkspaceContext = { workspaceId, actor: { type: 'api-key', id: apiKeyId } };
    await this.db.run(ctx, (tx) =>
      tx.query(
        `update api_keys set last_used_at = $3
         where workspace_id = $1 and id = $2 and (last_used_at is null or last_used_at <= $4)`,
        [workspaceId, apiKeyId, now, before],
      ),
    );
  }
}
