import { AuditLog } from '@app/audit';
import { KeyValueStore, type WindowCount } from '@app/cache';
import { WorkspaceDb } from '@app/database';
import { AppError, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { Accounts } from '../accounts/accounts.service';
import { FactorCheck, mustBeRight } from '../second-factor/factor-check.service';
import { SessionConfirmations } from './session-confirmations';

/** As for signing in: security guide A, A04. */
const MAX_ATTEMPTS = 5;
const WINDOW_SECONDS = 15 * 60;

/** What a signed-in person shows once more. */
export type StepUpProof = { readonly password: string } | { readonly code: string };

/** Proving again that it is you, before something dangerous. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly check: FactorCheck,
    private readonly confirmations: SessionConfirmations,
    private readonly store: KeyValueStore,
  ) {}

  /**
   * Resolves until when the session is trusted with dangerous things. Attempts are counted per session, before any
   * work: whoever stole one does not find out the password with it, and locks nobody out of signing in.
   *
   * @throws AppError `auth.confirmation-failed`, `auth.second-factor-missing`, `limit.logins` with `retryAfterSeconds`
   */
  async confirm(user: UserContext, proof: StepUpProof): Promise<Date> {
    const { count, resetsInSeconds } = await this.count(user);
    if (count > MAX_ATTEMPTS) throw new AppError('limit.logins', { retryAfterSeconds: resetsInSeconds });
    const method = 'code' in proof ? 'totp' : 'password';
    try {
      await ('code' in proof ? this.checkCode(user, proof.code) : this.checkPassword(user, proof.password));
    } catch (error) {
      await this.audit.recordAlone(user, 'session.confirmation-failed', { method });
      throw error;
    }
    await this.store.delete(keyOf(user));
    return this.db.runAsUser(user, async (tx) => {
      await this.audit.record(tx, user, 'session.confirmed', { method });
      return this.confirmations.confirm(tx, user);
    });
  }

  private async checkPassword(user: UserContext, password: string): Promise<void> {
    if (!(await this.accounts.isOwnPassword(user.userId, password))) throw new AppError('auth.confirmation-failed');
  }

  private async checkCode(user: UserContext, code: string): Promise<void> {
    const verdict = await this.db.runAsUser(user, (tx) => this.check.verify(tx, user.userId, { code }));
    mustBeRight(verdict, 'auth.confirmation-failed');
  }

  private async count(user: UserContext): Promise<WindowCount> {
    try {
      return await this.store.increment(keyOf(user), WINDOW_SECONDS);
    } catch (cause) {
      throw new AppError('service.not-ready', { cause });
    }
  }
}

const keyOf = ({ sessionId }: UserContext): string => `step-up:${sessionId}`;
