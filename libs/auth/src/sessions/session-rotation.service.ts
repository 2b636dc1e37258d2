import { AuditLog } from '@app/audit';
import type { Tx } from '@app/database';
import { Injectable } from '@nestjs/common';

import type { ClientInfo } from '../client-info';
import type { RefreshToken } from '../tokens/refresh-tokens';
import { type SessionTokens, TokenPairs } from '../tokens/token-pairs';
import { Session } from './session';
import { contextOf, SessionOrigins } from './session-origins';
import { SessionRevocations } from './session-revocations.service';
import { SessionTerms } from './session-terms';

/**
 * How long the token before the current one still gets the very same successor: a client whose answer got lost, or two
 * tabs at once. RFC 9700, 4.14.2 asks for rotation with reuse detection; ten seconds is Supabase Auth's reuse interval.
 */
const GRACE_SECONDS = 10;

export type Rotation = { tokens: SessionTokens } | { refused: 'auth.token-invalid' | 'auth.refresh-reused' };

/** What happens to a session when one of its refresh tokens is presented. */
@Injectable()
export class SessionRotation {
  constructor(
    private readonly audit: AuditLog,
    private readonly tokens: TokenPairs,
    private readonly terms: SessionTerms,
    private readonly origins: SessionOrigins,
    private readonly revocations: SessionRevocations,
  ) {}

  /** Under the row's lock. Refusals are returned and not thrown, so that what they changed is committed. */
  async exchange(tx: Tx, presented: RefreshToken, userId: string, client: ClientInfo): Promise<Rotation> {
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
    return { tokens: await this.tokens.issue({ userId, sessionId: session.id }, successor) };
  }

  /** Whether a living session's client may still hold this token: its newest, or the one before. */
  async isHeld(tx: Tx, presented: RefreshToken, userId: string): Promise<boolean> {
    const session = await tx.getRepository(Session).findOneBy({ id: presented.sessionId, userId });
    if (!session || !this.isRefreshable(session)) return false;
    const { refreshHash, previousRefreshHash } = session;
    return presented.hash.equals(refreshHash) || previousRefreshHash?.equals(presented.hash) === true;
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
      ...this.origins.seal(session.id, client),
    });
    await this.record(tx, session, client, 'session.refreshed');
  }

  private async closeForReuse(tx: Tx, session: Session, client: ClientInfo): Promise<void> {
    await this.revocations.revoke(tx, { userId: session.userId, id: session.id }, 'refresh-reused');
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
