import { AuditLog, type AuditContext } from '@app/audit';
import { SystemDb, type Tx, WorkspaceDb } from '@app/database';
import { Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { AccountSeals } from '../accounts/account-seals';
import { SessionRevocations } from './session-revocations.service';

const OPERATOR: AuditContext = { actor: { type: 'system' } };

/** Locks people out and lets them in again. An operator's decision, made at the command line. */
@Injectable()
export class Suspensions {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly seals: AccountSeals,
    private readonly audit: AuditLog,
    private readonly revocations: SessionRevocations,
    private readonly clock: Clock,
  ) {}

  /** Whose e-mail address this is, however it is typed; null for nobody's. */
  async find(email: string): Promise<string | null> {
    return (await this.systemDb.findUserByEmailIndex(this.seals.indexOf(email)))?.id ?? null;
  }

  /** From its commit on every token of the user is refused, and so is every sign-in. False when it was so already. */
  suspend(userId: string): Promise<boolean> {
    return this.db.runAsUser({ userId }, async (tx) => {
      if (!(await this.set(tx, userId, this.clock.now()))) return false;
      const sessionIds = await this.revocations.revoke(tx, { userId }, 'suspended');
      if (sessionIds.length > 0) {
        await this.audit.record(tx, OPERATOR, 'session.revoked', { reason: 'suspended', sessionIds });
      }
      await this.audit.record(tx, OPERATOR, 'user.suspended', { userId });
      return true;
    });
  }

  /** The user may sign in again; what was ended stays ended. False when there was no suspension. */
  restore(userId: string): Promise<boolean> {
    return this.db.runAsUser({ userId }, async (tx) => {
      if (!(await this.set(tx, userId, null))) return false;
      await this.audit.record(tx, OPERATOR, 'user.restored', { userId });
      return true;
    });
  }

  private async set(tx: Tx, userId: string, suspendedAt: Date | null): Promise<boolean> {
    const sql = `update users set suspended_at = $2
      where id = $1 and (suspended_at is null) <> ($2::timestamptz is null) returning id`;
    const [rows] = await tx.query<[unknown[], number]>(sql, [userId, suspendedAt]);
    return rows.length === 1;
  }
}
