import { FieldCipher, type FieldPlace } from '@app/crypto';
import type { Tx } from '@app/database';
import { AppError, Clock, type ErrorCode } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { afterFailure, waitSeconds } from './code-attempts';
import { RecoveryCodes } from './recovery-codes.service';
import { SecondFactor } from './second-factor';
import { Totp } from './totp';

/** What a person shows beside the password. */
export type FactorProof = { readonly code: string } | { readonly recoveryCode: string };

/** Returned and not thrown, so that what was counted is committed; `mustBeRight` throws after that. */
export type FactorVerdict =
  | { readonly outcome: 'right'; readonly method: 'totp' | 'recovery-code' }
  | { readonly outcome: 'wrong' }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'blocked'; readonly retryAfterSeconds: number };

/** Where a user's secret belongs. */
export const secretPlace = (userId: string): FieldPlace => ({
  table: 'second_factors',
  column: 'secret',
  rowId: userId,
  workspaceId: null,
});

/** Judges codes. `tx` is open for the user, and the factor's row is locked: of many codes at once, each is counted. */
@Injectable()
export class FactorCheck {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly totp: Totp,
    private readonly recoveryCodes: RecoveryCodes,
    private readonly clock: Clock,
  ) {}

  /** Whether signing in needs more than the password. */
  isNeeded(tx: Tx, userId: string): Promise<boolean> {
    return tx
      .getRepository(SecondFactor)
      .createQueryBuilder('factor')
      .where('factor.user_id = :userId and factor.enabled_at is not null', { userId })
      .getExists();
  }

  /**
   * Of the user's enabled factor. Recovery codes are beyond guessing and have no waiting time, so that whoever guesses
   * one-time codes does not keep their owner out.
   */
  async verify(tx: Tx, userId: string, proof: FactorProof): Promise<FactorVerdict> {
    const factor = await this.lock(tx, userId);
    if (!factor?.enabledAt) return { outcome: 'missing' };
    if ('code' in proof) return this.checkCode(tx, factor, proof.code);
    const isRight = await this.recoveryCodes.spend(tx, userId, proof.recoveryCode);
    return isRight ? { outcome: 'right', method: 'recovery-code' } : { outcome: 'wrong' };
  }

  /** The user's factor, enabled or not, locked until the transaction ends. */
  lock(tx: Tx, userId: string): Promise<SecondFactor | null> {
    return tx.getRepository(SecondFactor).findOne({ where: { userId }, lock: { mode: 'pessimistic_write' } });
  }

  /** Checks and counts a one-time code. `factor` came from `lock`. */
  async checkCode(tx: Tx, factor: SecondFactor, code: string): Promise<FactorVerdict> {
    const now = this.clock.now();
    const retryAfterSeconds = waitSeconds(factor, now);
    if (retryAfterSeconds > 0) return { outcome: 'blocked', retryAfterSeconds };
    const { userId, lastStep } = factor;
    const secret = this.cipher.open(secretPlace(userId), factor.secret);
    const step = await this.totp.match(secret, code, lastStep);
    const rows = tx.getRepository(SecondFactor);
    if (step === null) {
      await rows.update(userId, afterFailure(factor, now));
      return { outcome: 'wrong' };
    }
    await rows.update(userId, { lastStep: step, failures: 0, retryAt: null });
    return { outcome: 'right', method: 'totp' };
  }
}

/**
 * Call it after the transaction of the verdict.
 * @throws AppError `limit.logins`, `auth.second-factor-missing`, or `wrongCode`
 */
export function mustBeRight(
  verdict: FactorVerdict,
  wrongCode: ErrorCode,
): asserts verdict is Extract<FactorVerdict, { outcome: 'right' }> {
  if (verdict.outcome === 'blocked') {
    throw new AppError('limit.logins', { retryAfterSeconds: verdict.retryAfterSeconds });
  }
  if (verdict.outcome === 'missing') throw new AppError('auth.second-factor-missing');
  if (verdict.outcome === 'wrong') throw new AppError(wrongCode);
}
