import { FieldCipher } from '@app/crypto';
import type { Tx } from '@app/database';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { FactorCheck, type FactorVerdict, secretPlace } from './factor-check.service';
import { SecondFactor } from './second-factor';
import { Totp } from './totp';

/** What starts an enrolment ends soon: nobody finds a secret on a screen the next day and turns it on. */
const ENROLMENT_SECONDS = 10 * 60;

/** An authenticator app that is being set up. Shown once. */
export interface Enrolment {
  /** Base32, to type in by hand. */
  readonly secret: string;
  /** `otpauth://…`, for a QR code. */
  readonly address: string;
}

/** The minutes between being shown a secret and proving that the app has it. */
@Injectable()
export class Enrolments {
  constructor(
    private readonly cipher: FieldCipher,
    private readonly totp: Totp,
    private readonly check: FactorCheck,
    private readonly clock: Clock,
  ) {}

  async start(tx: Tx, userId: string, label: string): Promise<Enrolment> {
    const known = await this.check.lock(tx, userId);
    if (known?.enabledAt) throw new AppError('auth.second-factor-enabled');
    const secret = await this.totp.newSecret();
    const row = {
      userId,
      secret: this.cipher.seal(secretPlace(userId), secret),
      enabledAt: null,
      lastStep: 0,
      // Wrong codes stay counted: starting over is no way around the waiting time.
      failures: known?.failures ?? 0,
      retryAt: known?.retryAt ?? null,
      createdAt: this.clock.now(),
    };
    await tx.getRepository(SecondFactor).upsert(row, ['userId']);
    return { secret, address: await this.totp.addressOf(secret, label) };
  }

  async finish(tx: Tx, userId: string, code: string): Promise<FactorVerdict> {
    const factor = await this.check.lock(tx, userId);
    if (factor?.enabledAt) throw new AppError('auth.second-factor-enabled');
    if (!factor || this.isOver(factor)) return { outcome: 'missing' };
    const verdict = await this.check.checkCode(tx, factor, code);
    if (verdict.outcome === 'right') {
      await tx.getRepository(SecondFactor).update(userId, { enabledAt: this.clock.now() });
    }
    return verdict;
  }

  private isOver({ createdAt }: SecondFactor): boolean {
    return this.clock.now().getTime() - createdAt.getTime() > ENROLMENT_SECONDS * 1000;
  }
}
