import { SystemDb, WorkspaceDb } from '@app/database';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import type { ClientInfo } from '../client-info';
import type { TokenSubject } from '../tokens/access-tokens';
import type { RefreshToken } from '../tokens/refresh-tokens';
import { type SessionTokens, TokenPairs } from '../tokens/token-pairs';
import { SessionRotation } from './session-rotation.service';

/** Refresh tokens are good once. See docs/adr/0018. */
@Injectable()
export class SessionRefresh {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly tokens: TokenPairs,
    private readonly rotation: SessionRotation,
  ) {}

  /**
   * Exchanges a refresh token for new tokens. The current one is rotated. The one before it gives the same successor
   * again for ten seconds. That one later, and every older one, is held by two: the session ends, and this is
   * committed before the request fails. A suspended user has no living session, so there is nothing to refresh.
   *
   * @throws AppError `auth.token-invalid` for a token never issued, or of a session that ended or expired
   * @throws AppError `auth.refresh-reused` when this call ended the session
   */
  async refresh(text: string, client: ClientInfo): Promise<SessionTokens> {
    const { presented, userId } = await this.read(text);
    const outcome = await this.db.runAsUser({ userId }, (tx) => this.rotation.exchange(tx, presented, userId, client));
    if ('refused' in outcome) throw new AppError(outcome.refused);
    return outcome.tokens;
  }

  /**
   * Whose refresh token this is, without spending it: at signing out.
   * @throws AppError `auth.token-invalid` for one that is not, or not any more, the session's newest or the one before
   */
  async ownerOf(text: string): Promise<TokenSubject> {
    const { presented, userId } = await this.read(text);
    const isHeld = await this.db.runAsUser({ userId }, (tx) => this.rotation.isHeld(tx, presented, userId));
    if (!isHeld) throw new AppError('auth.token-invalid');
    return { userId, sessionId: presented.sessionId };
  }

  private async read(text: string): Promise<{ presented: RefreshToken; userId: string }> {
    const presented = this.tokens.read(text);
    if (!presented) throw new AppError('auth.token-invalid');
    const userId = await this.systemDb.findSessionUser(presented.sessionId);
    if (userId === null) throw new AppError('auth.token-invalid');
    return { presented, userId };
  }
}
