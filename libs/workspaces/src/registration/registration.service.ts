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
import { type Tx, WorkspaceDb } from '@app/database';
import { newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { type OwnWorkspace, Workspaces } from '../workspaces.service';

export interface Registration {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly workspaceName: string;
}

/** A registration whose password was found good and hashed. */
export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
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
   * @throws AppError `auth.password-weak` and alike, `limit.logins` when too many passwords are being hashed
   */
  async prepare({ email, name, password, workspaceName }: Registration): Promise<NewAccount> {
    mustBeStrongPassword(password, { email, name, workspaceNames: [workspaceName] });
    return { email, name, workspaceName, passwordHash: await this.hasher.hash(password) };
  }

  /**
   * For an operator, such as the first start: nobody has to confirm the address. All or nothing.
   * @throws AppError as `prepare`, and `auth.email-taken`
   */
  async register(input: Registration, client: ClientInfo = {}): Promise<Registered> {
    const prepared = await this.prepare(input);
    return this.make(newId(), client, () => Promise.resolve(prepared));
  }

  /**
   * All or nothing: one transaction, open for the new user and the new workspace at once.
   *
   * @param find says, in that transaction, what to make; what it throws ends it
   * @throws AppError `auth.email-taken`
   */
  make(userId: string, client: ClientInfo, find: (tx: Tx) => Promise<NewAccount>): Promise<Registered> {
    const { requestId, ip } = client;
    const ctx = { workspaceId: newId(), actor: { type: 'user', id: userId }, requestId, ip } as const;
    return this.db.run(ctx, async (tx) => {
      const { email, name, passwordHash, workspaceName } = await find(tx);
      const account = await this.accounts.add(tx, { id: userId, email, name }, passwordHash);
      await this.audit.record(tx, { actor: ctx.actor, requestId, ip }, 'user.registered', { userId });
      const workspace = await this.workspaces.add(tx, ctx, userId, workspaceName);
      const tokens = await this.sessions.start(tx, userId, client);
      return { account, workspace, tokens };
    });
  }
}
