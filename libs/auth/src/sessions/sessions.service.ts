import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { newId, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';

import type { ClientInfo } from '../client-info';
import type { TokenSubject } from '../tokens/access-tokens';
import { type SessionTokens, TokenPairs } from '../tokens/token-pairs';
import { Session } from './session';
import { contextOf, originOf } from './session-origin';
import { SessionTerms } from './session-terms';

/** Starts and ends sessions, and answers whether one is alive. `SessionRefresh` prolongs them. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly tokens: TokenPairs,
    private readonly terms: SessionTerms,
  ) {}

  /**
   * `tx` must be open for this user. Records `session.started` in it.
   * @param confirmedAt when the person proved who they are; now, unless somebody else says so
   */
  async start(
    tx: Tx,
    userId: string,
    client: ClientInfo,
    confirmedAt: Date | null = this.terms.now(),
  ): Promise<SessionTokens> {
    const now = this.terms.now();
    const absoluteExpiresAt = this.terms.absoluteEnd(now);
    const refresh = this.tokens.first(newId());
    const subject = { userId, sessionId: refresh.sessionId };
    await tx.getRepository(Session).insert({
      id: refresh.sessionId,
      userId,
      refreshHash: refresh.hash,
      previousRefreshHash: null,
      rotatedAt: now,
      ...originOf(client),
      createdAt: now,
      lastUsedAt: now,
      confirmedAt,
      idleExpiresAt: this.terms.idleEnd(now, absoluteExpiresAt),
      absoluteExpiresAt,
      revokedAt: null,
      revokedReason: null,
    });
    await this.audit.record(tx, contextOf(subject, client), 'session.started', { sessionId: refresh.sessionId });
    return this.tokens.issue(subject, refresh);
  }

  /** Ends the caller's own session: its access and refresh tokens are refused from now on. Twice is once. */
  async end(user: UserContext): Promise<void> {
    await this.db.runAsUser(user, async (tx) => {
      const { affected } = await tx
        .getRepository(Session)
        .update(
          { id: user.sessionId, userId: user.userId, revokedAt: IsNull() },
          { revokedAt: this.terms.now(), revokedReason: 'signed-out' },
        );
      if (affected === 1) await this.audit.record(tx, user, 'session.ended', { sessionId: user.sessionId });
    });
  }

  /** Whether the session exists, belongs to the user, was not ended and is not over. Asked on each request. */
  isAlive({ userId, sessionId }: TokenSubject): Promise<boolean> {
    return this.db.runAsUser({ userId }, (tx) =>
      tx
        .getRepository(Session)
        .existsBy({ id: sessionId, userId, revokedAt: IsNull(), absoluteExpiresAt: MoreThan(this.terms.now()) }),
    );
  }
}
