import { AuditLog } from '@app/audit';
import { WorkspaceDb } from '@app/database';
import { AppError, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { Accounts } from '../accounts/accounts.service';
import { type Enrolment, Enrolments } from './enrolments.service';
import { FactorCheck, mustBeRight } from './factor-check.service';
import { RecoveryCodes } from './recovery-codes.service';
import { SecondFactor } from './second-factor';

/** Whether a person has a second factor. */
export interface SecondFactorStatus {
  readonly enabledAt: Date | null;
  readonly recoveryCodesLeft: number;
}

/** A person's own second factor: setting it up, turning it off, new recovery codes. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly check: FactorCheck,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly enrolments: Enrolments,
  ) {}

  status(user: UserContext): Promise<SecondFactorStatus> {
    return this.db.runAsUser(user, async (tx) => {
      const factor = await tx.getRepository(SecondFactor).findOneBy({ userId: user.userId });
      const recoveryCodesLeft = await this.recoveryCodes.countLeft(tx, user.userId);
      return { enabledAt: factor?.enabledAt ?? null, recoveryCodesLeft };
    });
  }

  /**
   * Starts over when an enrolment was not finished.
   * @throws AppError `auth.second-factor-enabled`
   */
  async enrol(user: UserContext): Promise<Enrolment> {
    const { email } = await this.accounts.mustFind(user.userId);
    return this.db.runAsUser(user, async (tx) => {
      const enrolment = await this.enrolments.start(tx, user.userId, email);
      await this.audit.record(tx, user, 'second-factor.enrolment-started');
      return enrolment;
    });
  }

  /**
   * Turns the factor on with a first code of the app. Resolves the recovery codes, which are shown this once.
   *
   * @throws AppError `auth.confirmation-failed`, `auth.second-factor-enabled`, `limit.logins`
   * @throws AppError `auth.second-factor-missing` when the enrolment was not started, or more than ten minutes ago
   */
  async enable(user: UserContext, code: string): Promise<string[]> {
    const { verdict, codes } = await this.db.runAsUser(user, async (tx) => {
      const judged = await this.enrolments.finish(tx, user.userId, code);
      const isRight = judged.outcome === 'right';
      await this.audit.record(tx, user, isRight ? 'second-factor.enabled' : 'second-factor.failed');
      return { verdict: judged, codes: isRight ? await this.recoveryCodes.renew(tx, user.userId) : [] };
    });
    mustBeRight(verdict, 'auth.confirmation-failed');
    return codes;
  }

  /** Twice is once. Recovery codes go with it. */
  async disable(user: UserContext): Promise<void> {
    await this.db.runAsUser(user, async (tx) => {
      const { affected } = await tx.getRepository(SecondFactor).delete(user.userId);
      await this.recoveryCodes.removeAll(tx, user.userId);
      if (affected === 1) await this.audit.record(tx, user, 'second-factor.disabled');
    });
  }

  /** @throws AppError `auth.second-factor-missing` */
  renewRecoveryCodes(user: UserContext): Promise<string[]> {
    return this.db.runAsUser(user, async (tx) => {
      if (!(await this.check.isNeeded(tx, user.userId))) throw new AppError('auth.second-factor-missing');
      await this.audit.record(tx, user, 'recovery-codes.renewed');
      return this.recoveryCodes.renew(tx, user.userId);
    });
  }
}
