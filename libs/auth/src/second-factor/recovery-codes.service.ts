import { deriveKey, hmacSha256 } from '@app/crypto';
import type { Tx } from '@app/database';
import { Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import { AuthSettings } from '../auth-settings';
import { inGroups, newTypedCode, readTypedCode } from '../typed-code';
import { RecoveryCode } from './recovery-code';

const COUNT = 10;
/** 24 of 32 letters: 120 bits, so that a plain keyed hash is enough (OWASP ASVS 5.0, 6.5.2 asks for 112). */
const LETTERS = 24;

/** Codes for the day the authenticator app is gone. Each is good once; stored as an HMAC bound to the user. */
@Injectable()
export class RecoveryCodes {
  private readonly key: Buffer;

  constructor(
    settings: AuthSettings,
    private readonly clock: Clock,
  ) {
    this.key = deriveKey(settings.secrets.secretKey, 'recovery-codes');
  }

  /** Puts ten new codes in the place of all there were. Shown once; `tx` is open for this user. */
  async renew(tx: Tx, userId: string): Promise<string[]> {
    await this.removeAll(tx, userId);
    const codes = Array.from({ length: COUNT }, () => newTypedCode(LETTERS));
    const rows = codes.map((code) => ({ id: newId(), userId, codeHash: this.hash(userId, code), usedAt: null }));
    await tx.getRepository(RecoveryCode).insert(rows);
    return codes.map(inGroups);
  }

  /** Whether it was an unused code of this user. It is used now. Of many at once, one is told so. */
  async spend(tx: Tx, userId: string, text: string): Promise<boolean> {
    const codeHash = this.hash(userId, readTypedCode(text));
    const { affected } = await tx
      .getRepository(RecoveryCode)
      .update({ userId, codeHash, usedAt: IsNull() }, { usedAt: this.clock.now() });
    return affected === 1;
  }

  countLeft(tx: Tx, userId: string): Promise<number> {
    return tx.getRepository(RecoveryCode).countBy({ userId, usedAt: IsNull() });
  }

  async removeAll(tx: Tx, userId: string): Promise<void> {
    await tx.getRepository(RecoveryCode).delete({ userId });
  }

  private hash(userId: string, code: string): Buffer {
    return hmacSha256(this.key, `${userId}.${code}`);
  }
}
