import { type AuditContext, AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, newId, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, IsNull, MoreThan, Not } from 'typeorm';

import type { ClientInfo } from '../client-info';
import type { TokenSubject } from '../tokens/access-tokens';
import { type SessionTokens, TokenPairs } from '../tokens/token-pairs';
import { type RevocationReason, Session } from './session';
import { contextOf, SessionOrigins } from './session-origins';
import { SessionRevocations } from './session-revocations.service';
import { SessionTerms } from './session-terms';

/** Nobody reads a longer list; "end all others" ends the rest too. */
export const MAX_LISTED_SESSIONS = 100;

/** A living session as its owner sees it. */
export interface OwnSession {
  readonly id: string;
  readonly createdAt: Date;
  /** The sign-in or the last refresh. */
  readonly lastUsedAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly isCurrent: boolean;
}

const IS_ALIVE = `select exists (
  select from sessions s join users u on u.id = s.user_id
  where s.id = $1 and s.user_id = $2 and s.revoked_at is null and s.idle_expires_at > $3 and u.suspended_at is null
) as "isAlive"`;

/** Starts, lists and ends sessions, and answers whether one is alive. `SessionRefresh` prolongs them. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly tokens: TokenPairs,
    private readonly terms: SessionTerms,
    private readonly origins: SessionOrigins,
    private readonly revocations: SessionRevocations,
  ) {}

  /**
   * `tx` must be open for this user. Records `session.started` in it.
   * @param confirmedAt when the person proved who they are; now, unless somebody else says so
   * @throws AppError `auth.account-suspended`
   */
  async start(
    tx: Tx,
    userId: string,
    client: ClientInfo,
    confirmedAt: Date | null = this.terms.now(),
  ): Promise<SessionTokens> {
    await mustNotBeSuspended(tx, userId);
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
      ...this.origins.seal(refresh.sessionId, client),
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

  /** The user's living sessions, the last used first. */
  async list(user: UserContext): Promise<OwnSession[]> {
    const rows = await this.db.runAsUser(user, (tx) =>
      tx.getRepository(Session).find({
        where: { userId: user.userId, revokedAt: IsNull(), idleExpiresAt: MoreThan(this.terms.now()) },
        order: { lastUsedAt: 'DESC', id: 'DESC' },
        take: MAX_LISTED_SESSIONS,
      }),
    );
    return rows.map((session) => ({
      id: session.id,
      createdAt: session.createdAt,
      lastUsedAt: session.lastUsedAt,
      ...this.origins.open(session),
      isCurrent: session.id === user.sessionId,
    }));
  }

  /** Ends the caller's own session: its access and refresh tokens are refused from now on. Twice is once. */
  async end(user: UserContext): Promise<void> {
    await this.db.runAsUser(user, async (tx) => {
      const { userId, sessionId: id } = user;
      const ended = await this.revocations.revoke(tx, { userId, id }, 'signed-out');
      if (ended.length > 0) await this.audit.record(tx, user, 'session.ended', { sessionId: user.sessionId });
    });
  }

  /** @throws AppError `session.not-found` for a session of somebody else, of nobody, and for one that is over */
  async endOne(user: UserContext, sessionId: string): Promise<void> {
    await this.db.runAsUser(user, async (tx) => {
      const count = await this.endMany(tx, { userId: user.userId, id: sessionId }, 'revoked-by-user', user);
      if (count === 0) throw new AppError('session.not-found');
    });
  }

  /**
   * Ends all sessions of the user but the one `user` comes with, and says how many that were.
   * @param tx must be open for this user; without one, this is a transaction of its own
   */
  endOthers(tx: Tx | null, user: UserContext, reason: RevocationReason): Promise<number> {
    if (!tx) return this.db.runAsUser(user, (own) => this.endOthers(own, user, reason));
    return this.endMany(tx, { userId: user.userId, id: Not(user.sessionId) }, reason, user);
  }

  /**
   * Ends all sessions of the user, and says how many that were.
   * @param tx must be open for this user
   * @param by who does this, for the audit trail; the user when not given
   */
  endAll(tx: Tx, userId: string, reason: RevocationReason, by?: AuditContext): Promise<number> {
    return this.endMany(tx, { userId }, reason, by ?? { actor: { type: 'user', id: userId } });
  }

  /**
   * New tokens for the caller's own session; its refresh token of before is good no more.
   * @param tx must be open for this user
   * @throws AppError `auth.token-invalid` when the session ended a moment ago
   */
  async renew(tx: Tx, { userId, sessionId }: UserContext, client: ClientInfo): Promise<SessionTokens> {
    const refresh = this.tokens.first(sessionId);
    const now = this.terms.now();
    const { affected } = await tx.getRepository(Session).update(
      { id: sessionId, userId, revokedAt: IsNull() },
      {
        refreshHash: refresh.hash,
        previousRefreshHash: null,
        rotatedAt: now,
        lastUsedAt: now,
        ...this.origins.seal(sessionId, client),
      },
    );
    if (affected !== 1) throw new AppError('auth.token-invalid');
    return this.tokens.issue({ userId, sessionId }, refresh);
  }

  /** Like `endAll`, for somebody who signs out everywhere. */
  async endOwn(user: UserContext): Promise<void> {
    await this.db.runAsUser(user, (tx) => this.endAll(tx, user.userId, 'signed-out', user));
  }

  /**
   * Whether the session exists, belongs to the user, was not ended, is not over, and the user is not suspended. Asked
   * on each request: the deny-list refuses early, the row decides.
   */
  async isAlive({ userId, sessionId }: TokenSubject): Promise<boolean> {
    if (await this.revocations.isDenied(sessionId)) return false;
    const parameters = [sessionId, userId, this.terms.now()];
    const rows = await this.db.runAsUser({ userId }, (tx) => tx.query<{ isAlive: boolean }[]>(IS_ALIVE, parameters));
    return rows[0]?.isAlive === true;
  }

  private async endMany(
    tx: Tx,
    which: FindOptionsWhere<Session> & { userId: string },
    reason: RevocationReason,
    by: AuditContext,
  ): Promise<number> {
    const sessionIds = await this.revocations.revoke(tx, which, reason);
    if (sessionIds.length > 0) await this.audit.record(tx, by, 'session.revoked', { reason, sessionIds });
    return sessionIds.length;
  }
}

/** Somebody who knows the password, or is known to another provider, learns why they do not get in. */
async function mustNotBeSuspended(tx: Tx, userId: string): Promise<void> {
  const sql = 'select from users where id = $1 and suspended_at is not null';
  if ((await tx.query<unknown[]>(sql, [userId])).length > 0) throw new AppError('auth.account-suspended');
}
