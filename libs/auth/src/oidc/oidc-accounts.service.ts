import { AuditLog } from '@app/audit';
import { WorkspaceDb } from '@app/database';
import { EmailField, TextField, validateDto } from '@app/http';
import { AppError, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { type Account, Accounts } from '../accounts/accounts.service';
import type { ClientInfo } from '../client-info';
import { Sessions } from '../sessions/sessions.service';
import type { TokenSubject } from '../tokens/access-tokens';
import { Identities } from './identities.service';
import type { OidcIdentity } from './oidc-provider';
import { OidcSettings } from './oidc-settings';

const MAX_NAME_CHARACTERS = 200;

/** What is taken over from a provider, by the rules of a registration. */
class NewPerson {
  @EmailField()
  email: string;

  @TextField({ max: MAX_NAME_CHARACTERS, trim: true })
  name: string;
}

/** Which account an identity signs in to. */
@Injectable()
export class OidcAccounts {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly identities: Identities,
    private readonly sessions: Sessions,
    private readonly settings: OidcSettings,
  ) {}

  /**
   * The account the identity was linked to. Somebody unknown gets a new one where that is allowed, if the provider
   * confirmed the e-mail address and no account has it: an existing account is never taken over by its address.
   *
   * @throws AppError `auth.oidc-no-account`, for every reason alike
   */
  async accountOf(identity: OidcIdentity, client: ClientInfo): Promise<Account> {
    const userId = await this.identities.findUser(identity);
    if (userId !== null) return this.accounts.mustFind(userId);
    if (!this.settings.mustHaveProvider().hasSignUp) throw new AppError('auth.oidc-no-account');
    return this.signUp(identity, client);
  }

  /**
   * Links it to the user who asked for that, if the session they asked in is still alive.
   * @throws AppError `auth.oidc-failed`, `identity.taken`
   */
  async link({ userId, sessionId }: TokenSubject, identity: OidcIdentity, client: ClientInfo): Promise<void> {
    if (!(await this.sessions.isAlive({ userId, sessionId }))) throw new AppError('auth.oidc-failed');
    await this.identities.link(userId, identity, client);
  }

  private async signUp(identity: OidcIdentity, client: ClientInfo): Promise<Account> {
    const { email, name } = await this.personIn(identity);
    const id = newId();
    const ctx = { actor: { type: 'user', id } as const, ip: client.ip, requestId: client.requestId };
    try {
      return await this.db.runAsUser({ userId: id }, async (tx) => {
        const account = await this.accounts.add(tx, { id, email, name }, null);
        await this.audit.record(tx, ctx, 'user.registered');
        await this.identities.add(tx, id, identity, client);
        return account;
      });
    } catch (cause) {
      const isTaken = cause instanceof AppError && ['auth.email-taken', 'identity.taken'].includes(cause.code);
      throw isTaken ? new AppError('auth.oidc-no-account', { cause }) : cause;
    }
  }

  private async personIn({ email, isEmailVerified, name }: OidcIdentity): Promise<NewPerson> {
    if (email === null || !isEmailVerified) throw new AppError('auth.oidc-no-account');
    try {
      return await validateDto(NewPerson, { email, name: (name ?? email).slice(0, MAX_NAME_CHARACTERS) });
    } catch (cause) {
      throw new AppError('auth.oidc-no-account', { cause });
    }
  }
}
