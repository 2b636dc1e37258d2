import { KeyValueStore, PubSub } from '@app/cache';
import { type Tx, WorkspaceDb } from '@app/database';
import { Injectable, Logger } from '@nestjs/common';
import { type FindOptionsWhere, IsNull } from 'typeorm';

import { AuthSettings } from '../auth-settings';
import { type RevocationReason, Session } from './session';
import { SessionTerms } from './session-terms';

/** Sessions of one user that ended together. */
export interface RevokedSessions {
  readonly userId: string;
  readonly sessionIds: readonly string[];
  readonly reason: RevocationReason;
}

/** How long the store is left alone after it failed, so that a slow one does not cost each request its timeout. */
const RETRY_AFTER_MS = 5_000;
const CHANNEL = 'session-revoked';
const keyOf = (sessionId: string): string => `revoked-session:${sessionId}`;

/**
 * Ends sessions and tells every node: a deny-list in the shared store, which refuses a token without asking the
 * database, and a message for whoever holds connections open. Neither is the truth. That is the session's row, so
 * nothing comes back to life when the store is emptied or away.
 */
@Injectable()
export class SessionRevocations {
  private readonly logger = new Logger(SessionRevocations.name);
  private awayUntil = 0;

  constructor(
    private readonly db: WorkspaceDb,
    private readonly terms: SessionTerms,
    private readonly store: KeyValueStore,
    private readonly pubSub: PubSub,
    private readonly settings: AuthSettings,
  ) {}

  /** Ends those that have not ended yet, in the caller's transaction, which must be open for the user. Their ids. */
  async revoke(
    tx: Tx,
    which: FindOptionsWhere<Session> & { userId: string },
    reason: RevocationReason,
  ): Promise<string[]> {
    const result = await tx
      .createQueryBuilder()
      .update(Session)
      .set({ revokedAt: this.terms.now(), revokedReason: reason })
      .where({ ...which, revokedAt: IsNull() })
      .returning('id')
      .execute();
    const sessionIds = (result.raw as { id: string }[]).map(({ id }) => id); // the rows that `returning` names
    if (sessionIds.length > 0) {
      this.db.afterCommit(tx, () => this.announce({ userId: which.userId, sessionIds, reason }));
    }
    return sessionIds;
  }

  /** Whether the session is known to have ended. False says nothing: it may have, or the store cannot be asked. */
  async isDenied(sessionId: string): Promise<boolean> {
    const now = this.terms.now().getTime();
    if (now < this.awayUntil) return false;
    try {
      return (await this.store.get(keyOf(sessionId))) !== null;
    } catch {
      this.awayUntil = now + RETRY_AFTER_MS;
      return false;
    }
  }

  /**
   * For those who hold connections of signed-in users open, so that they close them. A message is lost for a node that
   * is away, so ask `Sessions.isAlive` from time to time too. The result ends the subscription.
   */
  subscribe(listener: (revoked: RevokedSessions) => void): Promise<() => Promise<void>> {
    // Only `announce` writes to this channel.
    return this.pubSub.subscribe(CHANNEL, (message) => listener(JSON.parse(message) as RevokedSessions));
  }

  /** Never rejects: the rows are committed, and they are what counts. */
  private async announce(revoked: RevokedSessions): Promise<void> {
    // An access token issued at the very moment of revocation lives this long.
    const ttlSeconds = this.settings.tokens.accessTtlSeconds;
    const told = await Promise.allSettled([
      ...revoked.sessionIds.map((id) => this.store.set(keyOf(id), revoked.reason, ttlSeconds)),
      this.pubSub.publish(CHANNEL, JSON.stringify(revoked)),
    ]);
    const failed = told.filter(({ status }) => status === 'rejected').length;
    if (failed > 0) this.logger.warn({ failed }, 'the store did not take a revocation; the database holds it');
  }
}
