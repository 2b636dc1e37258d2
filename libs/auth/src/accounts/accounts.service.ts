import { isUniqueViolation, SystemDb, type Tx, WorkspaceDb } from '@app/database';
import type { Role } from '@app/http';
import { AppError, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { PasswordHasher } from '../passwords/password-hasher';
import { User } from './user';

/** A person as others may see them. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** A workspace somebody belongs to. */
export interface Membership {
  /** The workspace's id. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** The form in which e-mail addresses are stored and compared. */
export const normaliseEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** The people who can sign in. */
@Injectable()
export class Accounts {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Adds an account in the caller's transaction, which must be open for this user's id. A failure ends the transaction.
   * @throws AppError `auth.email-taken`
   */
  async add(tx: Tx, input: Account, passwordHash: string | null): Promise<Account> {
    const account = { ...input, email: normaliseEmail(input.email) };
    try {
      await tx.getRepository(User).insert({ ...account, passwordHash });
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
    const found = await this.systemDb.findUserByEmail(normaliseEmail(email));
    const isRight = await this.hasher.verify(found?.passwordHash ?? null, password);
    if (isRight && found?.passwordHash && this.hasher.isOutdated(found.passwordHash))
      await this.rehash(found.id, password);
    return { account: found && { id: found.id, email: found.email, name: found.name }, isRight };
  }

  async findByEmail(email: string): Promise<Account | null> {
    const found = await this.systemDb.findUserByEmail(normaliseEmail(email));
    return found && { id: found.id, email: found.email, name: found.name };
  }

  /** @throws AppError `auth.token-invalid` when the account was deleted a moment ago */
  async ownProfile(user: UserContext): Promise<{ account: Account; workspaces: Membership[] }> {
    const account = await this.db.runAsUser(user, (tx) => tx.getRepository(User).findOneBy({ id: user.userId }));
    if (!account) throw new AppError('auth.token-invalid');
    return { account, workspaces: await this.workspacesOf(user) };
  }

  /** The user's workspaces, oldest first. */
  async workspacesOf(user: UserContext): Promise<Membership[]> {
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
