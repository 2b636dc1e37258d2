import { isSameSecret } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { hashOfSecret, type OneTimeToken, oneTimeTokenText } from './one-time-token';
import { PasswordReset } from './password-reset';

/** OWASP ASVS 5.0, 6.4.1 asks for a short life. */
export const RESET_TTL_MINUTES = 60;

/** Stores mailed links as hashes, finds them and spends them. */
@Injectable()
export class PasswordResetLinks {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly clock: Clock,
  ) {}

  /** The token for the mail. Called again with the same id it is the same link. */
  async issue(userId: string, id: string, secret: Buffer): Promise<string> {
    const expiresAt = new Date(this.clock.now().getTime() + RESET_TTL_MINUTES * 60_000);
    const row = { id, userId, tokenHash: hashOfSecret(secret), expiresAt };
    await this.db.runAsUser({ userId }, (tx) => tx.getRepository(PasswordReset).save(row));
    return oneTimeTokenText(userId, secret);
  }

  /** @throws AppError `auth.link-invalid` for a link that is spent, over, or was never sent */
  async mustFind({ ownerId: userId, hash }: OneTimeToken): Promise<PasswordReset> {
    const rows = await this.db.runAsUser({ userId }, (tx) => tx.getRepository(PasswordReset).findBy({ userId }));
    const now = this.clock.now();
    const found = rows.find(({ tokenHash, expiresAt }) => now < expiresAt && isSameSecret(tokenHash, hash));
    if (!found) throw new AppError('auth.link-invalid');
    return found;
  }

  /**
   * Of two at once one finds it gone.
   * @throws AppError `auth.link-invalid`
   */
  async spend(tx: Tx, { id, userId }: PasswordReset): Promise<void> {
    const { affected } = await tx.getRepository(PasswordReset).delete({ id, userId });
    if (affected !== 1) throw new AppError('auth.link-invalid');
  }
}
