import { hashOfSecret, type OneTimeToken, oneTimeTokenText } from '@app/auth';
import { FieldCipher, isSameSecret } from '@app/crypto';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { PendingRegistration } from './pending-registration';
import type { NewAccount } from './registration.service';

/** A working day and the night before it. */
export const REGISTRATION_TTL_HOURS = 24;

const placeOf = (id: string) => ({ table: 'pending_registrations', column: 'payload', rowId: id, workspaceId: null });

/** Keeps registrations, sealed, until their link is followed. */
@Injectable()
export class RegistrationLinks {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly cipher: FieldCipher,
    private readonly clock: Clock,
  ) {}

  /** The token for the mail. Called again with the same id it is the same link. */
  async issue(id: string, secret: Buffer, account: NewAccount): Promise<string> {
    const expiresAt = new Date(this.clock.now().getTime() + REGISTRATION_TTL_HOURS * 3_600_000);
    const payload = this.cipher.seal(placeOf(id), JSON.stringify(account));
    const row = { id, tokenHash: hashOfSecret(secret), payload, expiresAt };
    await this.db.runAsUser({ userId: id }, (tx) => tx.getRepository(PendingRegistration).save(row));
    return oneTimeTokenText(id, secret);
  }

  /**
   * Spends the link. Of two at once, the second waits for the first and finds the row gone.
   * @throws AppError `auth.link-invalid`
   */
  async take(tx: Tx, { ownerId: id, hash }: OneTimeToken): Promise<NewAccount> {
    const rows = tx.getRepository(PendingRegistration);
    const row = await rows.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!row || row.expiresAt <= this.clock.now() || !isSameSecret(row.tokenHash, hash)) {
      throw new AppError('auth.link-invalid');
    }
    await rows.delete({ id });
    // Sealed by `issue`.
    return JSON.parse(this.cipher.open(placeOf(id), row.payload)) as NewAccount;
  }
}
