import {
  type Account,
  Accounts,
  type ClientInfo,
  mustBeStrongPassword,
  PasswordHasher,
  type SessionTokens,
  Sessions,
} from '@app/auth';
import { AuditLog } from '@app/audit';
import { WorkspaceDb } from '@app/database';
import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { type OwnWorkspace, Workspaces } from '../workspaces.service';

export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly workspaceName: string;
}

export interface Registered {
  readonly account: Account;
  readonly workspace: OwnWorkspace;
  readonly tokens: SessionTokens;
}

/** Makes a person, their first workspace and their first session at once. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly hasher: PasswordHasher,
    private readonly workspaces: Workspaces,
    private readonly sessions: Sessions,
  ) {}

  /**
   * All or nothing: one transaction, open for the new user and the new workspace at once.
   *
   * @throws AppError `auth.password-weak` with every fault, `auth.email-taken`, `limit.logins` when too many passwords
   * are being hashed
   */
  async register(input: Registration, client: ClientInfo = {}): Promise<Registered> {
    mustBeStrongPassword(input.password, input);
    const passwordHash = await this.hasher.hash(input.password);
    const userId = newId();
    const { requestId, ip } = client;
    const ctx = { workspaceId: newId(), actor: { type: 'user', id: userId }, requestId, ip } as const;
    return this.db.run(ctx, async (tx) => {
      const account = await this.accounts.add(tx, { id: userId, email: input.email, name: input.name }, passwordHash);
      await this.audit.record(tx, { actor: ctx.actor, requestId, ip }, 'user.registered', { userId });
      const workspace = await this.workspaces.add(tx, ctx, userId, input.workspaceName);
      const tokens = await this.sessions.start(tx, userId, client);
      return { account, workspace, tokens };
    });
  }
}
