import { AuditLog } from '@app/audit';
import { BlindIndex, FieldCipher } from '@app/crypto';
import { isUniqueViolation, SystemDb, type Tx, WorkspaceDb } from '@app/database';
import { AppError, Clock, newId, type UserContext } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { User } from '../accounts/user';
import type { ClientInfo } from '../client-info';
import type { OidcIdentity } from './oidc-provider';
import { UserIdentity } from './user-identity';

/** A sign-in elsewhere as its owner sees it. */
export interface OwnIdentity {
  readonly id: string;
  readonly issuer: string;
  readonly createdAt: Date;
}

/** Which sign-ins at other providers belong to whom: by issuer and subject, never by e-mail. */
@Injectable()
export class Identities {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly systemDb: SystemDb,
    private readonly audit: AuditLog,
    private readonly cipher: FieldCipher,
    private readonly index: BlindIndex,
    private readonly clock: Clock,
  ) {}

  /** Null for an identity nobody has linked. */
  findUser(identity: OidcIdentity): Promise<string | null> {
    return this.systemDb.findIdentityUser(this.indexOf(identity));
  }

  /**
   * `tx` is open for the user.
   * @throws AppError `identity.taken`
   */
  async add(tx: Tx, userId: string, identity: OidcIdentity, { ip, requestId }: ClientInfo): Promise<void> {
    const { issuer, subject } = identity;
    const id = newId();
    const place = { table: 'user_identities', column: 'subject', rowId: id, workspaceId: null };
    try {
      await tx.getRepository(UserIdentity).insert({
        id,
        userId,
        issuer,
        subject: this.cipher.seal(place, subject),
        subjectIndex: this.indexOf(identity),
        createdAt: this.clock.now(),
      });
    } catch (cause) {
      throw isUniqueViolation(cause) ? new AppError('identity.taken', { cause }) : cause;
    }
    const ctx = { actor: { type: 'user', id: userId } as const, ip, requestId };
    await this.audit.record(tx, ctx, 'identity.linked', { identityId: id });
  }

  /**
   * Links it to somebody who is signed in. Twice is once.
   * @throws AppError `identity.taken`
   */
  async link(userId: string, identity: OidcIdentity, client: ClientInfo): Promise<void> {
    const owner = await this.findUser(identity);
    if (owner === userId) return;
    if (owner !== null) throw new AppError('identity.taken');
    await this.db.runAsUser({ userId }, (tx) => this.add(tx, userId, identity, client));
  }

  /** Oldest first. */
  list(user: UserContext): Promise<OwnIdentity[]> {
    return this.db.runAsUser(user, (tx) =>
      tx.getRepository(UserIdentity).find({ where: { userId: user.userId }, order: { id: 'ASC' } }),
    );
  }

  /** @throws AppError `identity.not-found`, `identity.last` when there would be no way to sign in */
  async unlink(user: UserContext, identityId: string): Promise<void> {
    await this.db.runAsUser(user, async (tx) => {
      const { userId } = user;
      // Two at once must not both believe that the other one stays.
      const account = await tx
        .getRepository(User)
        .findOneOrFail({ where: { id: userId }, lock: { mode: 'pessimistic_write' } });
      const identities = tx.getRepository(UserIdentity);
      if (!(await identities.existsBy({ id: identityId, userId }))) throw new AppError('identity.not-found');
      if (account.passwordHash === null && (await identities.countBy({ userId })) === 1) {
        throw new AppError('identity.last');
      }
      await identities.delete({ id: identityId, userId });
      await this.audit.record(tx, user, 'identity.unlinked', { identityId });
    });
  }

  private indexOf({ issuer, subject }: OidcIdentity): Buffer {
    const scope = { table: 'user_identities', column: 'subject', workspaceId: null };
    return this.index.of(scope, JSON.stringify([issuer, subject]));
  }
}
