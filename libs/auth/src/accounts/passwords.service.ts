import { type AuditContext, AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { PasswordHasher } from '../passwords/password-hasher';
import { mustBeStrongPassword } from '../passwords/password-policy';
import { Sessions } from '../sessions/sessions.service';
import type { SessionTokens } from '../tokens/token-pairs';
import type { ClientInfo } from '../client-info';
import { AccountMails } from './account-mails';
import { Accounts } from './accounts.service';
import { PasswordReset } from './password-reset';
import { User } from './user';

/** Replaces passwords of people who have an account. */
@Injectable()
export class Passwords {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly hasher: PasswordHasher,
    private readonly sessions: Sessions,
    private readonly mails: AccountMails,
  ) {}

  /**
   * For somebody who is signed in: all other sessions end, and this one gets new tokens.
   *
   * @throws AppError `auth.confirmation-failed` when the current password is wrong
   * @throws AppError `auth.password-weak` and alike for the new one
   */
  async change(
    user: UserContext,
    { current, next }: { current: string; next: string },
    client: ClientInfo,
  ): Promise<SessionTokens> {
    if (!(await this.accounts.isOwnPassword(user.userId, current))) throw new AppError('auth.confirmation-failed');
    return this.replace(user.userId, next, async (tx) => {
      await this.sessions.endOthers(tx, user, 'password-changed');
      await this.audit.record(tx, user, 'password.changed');
      return this.sessions.renew(tx, user, client);
    });
  }

  /**
   * Checks and sets the password and forgets every mailed link, with `also` in the same transaction, and tells the owner.
   * @throws AppError `auth.password-weak` and alike, before anything was changed
   */
  async replace<T>(userId: string, password: string, also: (tx: Tx) => Promise<T>): Promise<T> {
    const account = await this.accounts.mustFind(userId);
    const workspaces = await this.accounts.workspacesOf({ userId });
    mustBeStrongPassword(password, { ...account, workspaceNames: workspaces.map(({ name }) => name) });
    const passwordHash = await this.hasher.hash(password);
    const result = await this.db.runAsUser({ userId }, async (tx) => {
      const outcome = await also(tx);
      await tx.getRepository(User).update(userId, { passwordHash });
      await tx.getRepository(PasswordReset).delete({ userId });
      return outcome;
    });
    await this.mails.postPasswordChanged(account);
    return result;
  }

  async endSessions(tx: Tx, userId: string, by: AuditContext): Promise<void> {
    await this.sessions.endAll(tx, userId, 'password-changed', by);
  }
}
