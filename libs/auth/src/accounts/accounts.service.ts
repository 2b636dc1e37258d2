import { isUniqueViolation, SystemDb, type Tx, WorkspaceDb } from '@app/database';
import type { Role } from '@app/http';
import { AppError, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { PasswordHasher } from '../passwords/password-hasher';
import { type Account, AccountSeals, normaliseEmail } from './account-seals';
import { User } from './user';

export { type Account, normaliseEmail } from './account-seals';

/** A workspace somebody belongs to. */
export interface Membership {
  /** The workspace's id. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The people who can sign in. */
@Injectable()
export class Accounts {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly hasher: PasswordHasher,
    private readonly seals: AccountSeals,
  ) {}

  /**
   * Adds an account in the caller's transaction, which must be open for this user's id. A failure ends the transaction.
   * @throws AppError `auth.email-taken`
   */
  async add(tx: Tx, input: Account, passwordHash: string | null): Promise<Account> {
    const account = { ...input, email: normaliseEmail(input.email) };
    try {
      await tx.getRepository(User).insert({ ...this.seals.seal(account), passwordHash });
      return account;
    } catch (cause) {
      throw isUniqueViolation(cause) ? new AppError('auth.email-taken', { cause }) : cause;
    }
  }

  /**
   * Whose e-mail and password these are. Null for a wrong password and for an unknown account, after the same work.
   * @throws AppError `limit.logins` when too many are being verified
   */
  async verify(email: string, password: string): Promise<{ account: Account | null; isRight: boolean }> {
    const found = await this.systemDb.findUserByEmailIndex(this.seals.indexOf(email));
    const isRight = await this.hasher.verify(found?.passwordHash ?? null, password);
    if (isRight && found?.passwordHash && this.hasher.isOutdated(found.passwordHash))
      await this.rehash(found.id, password);
    return { account: found && this.seals.open(found), isRight };
  }

  /** Opens the columns of a row that a function of the database gave, such as `member_profiles()`. */
  open(stored: Account): Account {
    return this.seals.open(stored);
  }

  /**
   * Whether it is this user's password. False for an account without one, after the same work.
   * @throws AppError `limit.logins` when too many are being verified
   */
  async isOwnPassword(userId: string, password: string): Promise<boolean> {
    const user = await this.db.runAsUser({ userId }, (tx) => tx.getRepository(User).findOneBy({ id: userId }));
    return this.hasher.verify(user?.passwordHash ?? null, password);
  }

  async findByEmail(email: string): Promise<Account | null> {
    const found = await this.systemDb.findUserByEmailIndex(this.seals.indexOf(email));
    return found && this.seals.open(found);
  }

  /** @throws AppError `auth.token-invalid` when the account was deleted a moment ago */
  async ownProfile(user: UserContext): Promise<{ account: Account; workspaces: Membership[] }> {
    return { account: await this.mustFind(user.userId), workspaces: await this.workspacesOf(user) };
  }

  /** @throws AppError `auth.token-invalid` when the account was deleted a moment ago */
  async mustFind(userId: string): Promise<Account> {
    const user = await this.db.runAsUser({ userId }, (tx) => tx.getRepository(User).findOneBy({ id: userId }));
    if (!user) throw new AppError('auth.token-invalid');
    return this.seals.open(user);
  }

  /** The user's workspaces, oldest first. */
  async workspacesOf(user: { userId: string }): Promise<Membership[]> {
    const rows = await this.systemDb.listUserWorkspaces(user.userId);
    return (
      rows
        // The table's check constraint allows the names of roles and nothing else.
        .map(({ workspaceId, name, role }) => ({ id: workspaceId, name, role: role as Role }))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
    );
  }

  private async rehash(userId: string, password: string): Promise<void> {
    const passwordHash = await this.hasher.hash(password);
    await this.db.runAsUser({ userId }, (tx) => tx.getRepository(User).update(userId, { passwordHash }));
  }
}
