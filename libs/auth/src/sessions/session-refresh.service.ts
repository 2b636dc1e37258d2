import { AuditLog } from '@app/audit';
import { SystemDb, type Tx, WorkspaceDb } from '@app/database';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import type { ClientInfo } from '../client-info';
import type { RefreshToken } from '../tokens/refresh-tokens';
import { type SessionTokens, TokenPairs } from '../tokens/token-pairs';
import { Session } from './session';
import { contextOf, originOf } from './session-origin';
import { SessionTerms } from './session-terms';

/**
 * How long the token before the current one still gets the very same successor: a client whose answer got lost, or two
 * tabs at once. RFC 9700, 4.14.2 asks for rotation with reuse detection; ten seconds is Supabase Auth's reuse interval.
 */
const GRACE_SECONDS = 10;

type Outcome = { tokens: SessionTokens } | { refused: 'auth.token-invalid' | 'auth.refresh-reused' };

/** Refresh tokens are good once. See docs/adr/0007. */
@Injectable()
export class SessionRefresh {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly audit: AuditLog,
    private readonly tokens: TokenPairs,
    private readonly terms: SessionTerms,
  ) {}

  /**
   * Exchanges a refresh token for new tokens. The current one is rotated. The one before it gives the same successor
   * again for ten seconds. That one later, and every older one, is held by two: the session ends, and this is
   * committed before the request fails.
   *
   * @throws AppError `auth.token-invalid` for a token never issued, or of a session that ended or expired
   * @throws AppError `auth.refresh-reused` when this call ended the session
   */
  async refresh(text: string, client: ClientInfo): Promise<SessionTokens> {
    const presented = this.tokens.read(text);
    if (!presented) throw new AppError('auth.token-invalid');
    const userId = await this.systemDb.findSessionUser(presented.sessionId);
    if (userId === null) throw new AppError('auth.token-invalid');
    const outcome = await this.db.runAsUser({ userId }, (tx) => this.exchange(tx, presented, userId, client));
    if ('refused' in outcome) throw new AppError(outcome.refused);
    return outcome.tokens;
  }

  /** Refusals are returned and not thrown, so that what they changed is committed. */
  private async exchange(tx: Tx, presented: RefreshToken, userId: string, client: ClientInfo): Promise<Outcome> {
    const session = await tx.getRepository(Session).findOne({
      where: { id: presented.sessionId, userId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!session || !this.isRefreshable(session)) return { refused: 'auth.token-invalid' };

    const successor = this.tokens.successorOf(presented);
    if (presented.hash.equals(session.refreshHash)) {
      await this.rotate(tx, session, successor, client);
    } else if (!this.isLostAnswer(session, presented)) {
      await this.closeForReuse(tx, session, client);
      return { refused: 'auth.refresh-reused' };
    }
    return { tokens: this.tokens.issue({ userId, sessionId: session.id }, successor) };
  }

  private isRefreshable(session: Session): boolean {
    const now = this.terms.now();
    return !session.revokedAt && now < session.idleExpiresAt && now < session.absoluteExpiresAt;
  }

  /** Whether the token is the one before the current: its successor is the current one, as successors are derived. */
  private isLostAnswer(session: Session, presented: RefreshToken): boolean {
    const ageMs = this.terms.now().getTime() - session.rotatedAt.getTime();
    return session.previousRefreshHash?.equals(presented.hash) === true && ageMs <= GRACE_SECONDS * 1000;
  }

  private async rotate(tx: Tx, session: Session, successor: RefreshToken, client: ClientInfo): Promise<void> {
    const now = this.terms.now();
    await tx.getRepository(Session).update(session.id, {
      refreshHash: successor.hash,
      previousRefreshHash: session.refreshHash,
      rotatedAt: now,
      lastUsedAt: now,
      idleExpiresAt: this.terms.idleEnd(now, session.absoluteExpiresAt),
      ...originOf(client),
    });
    await this.record(tx, session, client, 'session.refreshed');
  }

  private async closeForReuse(tx: Tx, session: Session, client: ClientInfo): Promise<void> {
    await tx
      .getRepository(Session)
      .update(session.id, { revokedAt: this.terms.now(), revokedReason: 'refresh-reused' });
    await this.record(tx, session, client, 'session.reuse-detected');
  }

  private record(
    tx: Tx,
    session: Session,
    client: ClientInfo,
    action: 'session.refreshed' | 'session.reuse-detected',
  ): Promise<void> {
    const ctx = contextOf({ userId: session.userId, sessionId: session.id }, client);
    return this.audit.record(tx, ctx, action, { sessionId: session.id });
  }
}
