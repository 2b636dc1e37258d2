import { AuditLog } from '@app/audit';
import { type Tx, WorkspaceDb } from '@app/database';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { type Account, Accounts } from '../accounts/accounts.service';
import type { ClientInfo } from '../client-info';
import { Sessions } from '../sessions/sessions.service';
import type { SessionTokens } from '../tokens/token-pairs';
import { FactorCheck, type FactorProof, mustBeRight } from './factor-check.service';
import { type SignInChallenge, SignInChallenges } from './sign-in-challenges';

/** Somebody who is in. */
export interface SignedIn {
  readonly account: Account;
  readonly tokens: SessionTokens;
}

/** What comes of a right password, or of a sign-in at another provider: a session, or the question for a code. */
export type SignInStep = SignedIn | { readonly secondFactor: SignInChallenge };

/** The last steps of every sign-in. */
@Injectable()
export class SignInCompletion {
  constructor(
    private readonly db: WorkspaceDb,
    private readonly audit: AuditLog,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly check: FactorCheck,
    private readonly challenges: SignInChallenges,
  ) {}

  /**
   * @param confirmedAt when the person proved who they are, if it was not now
   * @throws AppError `auth.account-suspended`
   */
  begin(account: Account, client: ClientInfo, confirmedAt?: Date | null): Promise<SignInStep> {
    const userId = account.id;
    return this.asUser<SignInStep>(userId, client, async (tx) => {
      if (!(await this.check.isNeeded(tx, userId))) {
        return { account, tokens: await this.sessions.start(tx, userId, client, confirmedAt) };
      }
      await this.audit.record(tx, outside(userId, client), 'session.challenged');
      return { secondFactor: this.challenges.issue(userId, client) };
    });
  }

  /**
   * @throws AppError `auth.challenge-invalid`, `auth.second-factor-invalid`, `auth.account-suspended`
   * @throws AppError `limit.logins` with `retryAfterSeconds`
   */
  async finish(challenge: string, proof: FactorProof, client: ClientInfo): Promise<SignedIn> {
    const { id, userId } = await this.challenges.open(challenge, client);
    await this.verify(userId, proof, client);
    await this.challenges.spend(id);
    const account = await this.accounts.mustFind(userId);
    return { account, tokens: await this.asUser(userId, client, (tx) => this.sessions.start(tx, userId, client)) };
  }

  /** Records it when it is suspended people who try. */
  private async asUser<T>(userId: string, client: ClientInfo, work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.db.runAsUser({ userId }, work);
    } catch (error) {
      if (error instanceof AppError && error.code === 'auth.account-suspended') {
        await this.audit.recordAlone(outside(userId, client), 'session.start-failed', { reason: 'suspended' });
      }
      throw error;
    }
  }

  private async verify(userId: string, proof: FactorProof, client: ClientInfo): Promise<void> {
    const ctx = outside(userId, client);
    const verdict = await this.db.runAsUser({ userId }, async (tx) => {
      const judged = await this.check.verify(tx, userId, proof);
      if (judged.outcome === 'wrong') await this.audit.record(tx, ctx, 'second-factor.failed');
      if (judged.outcome === 'right' && judged.method === 'recovery-code') {
        await this.audit.record(tx, ctx, 'recovery-code.used');
      }
      return judged;
    });
    // Turned off in another session meanwhile: the password has to be shown again.
    mustBeRight(verdict.outcome === 'missing' ? { outcome: 'wrong' } : verdict, 'auth.second-factor-invalid');
  }
}

const outside = (userId: string, { ip, requestId }: ClientInfo) => ({
  actor: { type: 'user', id: userId } as const,
  ip,
  requestId,
});
