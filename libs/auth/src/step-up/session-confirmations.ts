import { type Tx, WorkspaceDb } from '@app/database';
import type { UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan } from 'typeorm';

import { Session } from '../sessions/session';
import { SessionTerms } from '../sessions/session-terms';

/** How long a proof is fresh. */
const FRESH_SECONDS = 10 * 60;

const after = (start: Date, seconds: number): Date => new Date(start.getTime() + seconds * 1000);

/** When the person behind a session last proved that it is them. Kept in the session's own row. */
@Injectable()
export class SessionConfirmations {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly terms: SessionTerms,
  ) {}

  /** Whether the session is alive and its proof at most ten minutes old (OWASP ASVS 5.0, 7.5.1 and 7.5.3). */
  isFresh(user: UserContext): Promise<boolean> {
    const oldest = after(this.terms.now(), -FRESH_SECONDS);
    return this.db.runAsUser(user, (tx) =>
      tx.getRepository(Session).existsBy({
        id: user.sessionId,
        userId: user.userId,
        revokedAt: IsNull(),
        confirmedAt: MoreThan(oldest),
      }),
    );
  }

  /** Resolves until when it counts. */
  async confirm(tx: Tx, user: UserContext): Promise<Date> {
    const confirmedAt = this.terms.now();
    await tx.getRepository(Session).update({ id: user.sessionId, userId: user.userId }, { confirmedAt });
    return after(confirmedAt, FRESH_SECONDS);
  }
}
