import { AuditLog } from '@app/audit';
import { isSameSecret } from '@app/crypto';
import { AppError } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import type { ClientInfo } from '../client-info';
import { SignInCompletion, type SignInStep } from '../second-factor/sign-in-completion.service';
import { OidcAccounts } from './oidc-accounts.service';
import { type OidcFlow, OidcFlows, type OidcPurpose } from './oidc-flows';
import { type OidcIdentity, OidcProvider } from './oidc-provider';

/** Clocks of two machines. */
const SKEW_MS = 30_000;

/** Where to send a browser, and what it keeps until it is back. */
export interface OidcDeparture {
  readonly address: string;
  readonly sealedFlow: string;
}

/** What a round trip ended with: a sign-in's next step, or a link between an account and the provider. */
export type OidcArrival = SignInStep | 'linked';

/** Signing in with another provider, and linking one to an account. */
@Injectable()
export class OidcSignIn {
  constructor(
    private readonly audit: AuditLog,
    private readonly flows: OidcFlows,
    private readonly provider: OidcProvider,
    private readonly accounts: OidcAccounts,
    private readonly completion: SignInCompletion,
  ) {}

  /** @throws AppError `auth.oidc-not-configured`, `auth.oidc-unavailable` */
  async depart(purpose: OidcPurpose): Promise<OidcDeparture> {
    const { flow, sealed } = this.flows.start(purpose);
    return { address: await this.provider.addressFor(flow), sealedFlow: sealed };
  }

  /**
   * @param sealedFlow what the browser kept; null when it brought nothing
   * @throws AppError `auth.oidc-not-configured`, `auth.oidc-failed`, `auth.oidc-unavailable`, `auth.oidc-no-account`
   * @throws AppError `identity.taken`, `auth.account-suspended`
   */
  async arrive(answer: URLSearchParams, sealedFlow: string | null, client: ClientInfo): Promise<OidcArrival> {
    this.provider.mustBeConfigured();
    const flow = this.flows.open(sealedFlow ?? '');
    // Nothing is recorded for who did not start here: anybody can call this address.
    if (!flow) throw new AppError('auth.oidc-failed');
    try {
      return await this.finish(flow, answer, client);
    } catch (error) {
      const reason = error instanceof AppError ? error.code : 'internal.error';
      const { ip, requestId } = client;
      const ctx = { actor: { type: 'system' } as const, ip, requestId };
      await this.audit.recordAlone(ctx, 'identity.sign-in-failed', { reason, purpose: flow.purpose.kind });
      throw error;
    }
  }

  private async finish(flow: OidcFlow, answer: URLSearchParams, client: ClientInfo): Promise<OidcArrival> {
    if (!isSameSecret(answer.get('state') ?? '', flow.state)) throw new AppError('auth.oidc-failed');
    await this.flows.spend(flow);
    const identity = await this.provider.identify(answer, flow);
    mustBeFreshIfAsked(identity, flow);
    const { purpose } = flow;
    if (purpose.kind === 'link') {
      await this.accounts.link(purpose, identity, client);
      return 'linked';
    }
    const account = await this.accounts.accountOf(identity, client);
    return this.completion.begin(account, client, identity.authenticatedAt);
  }
}

/** The provider was told to ask for credentials again: it must say that it did. */
function mustBeFreshIfAsked({ authenticatedAt }: OidcIdentity, { purpose, startedAt }: OidcFlow): void {
  if (purpose.kind === 'link' || !purpose.isFresh) return;
  const isFresh = authenticatedAt !== null && authenticatedAt.getTime() >= startedAt - SKEW_MS;
  if (!isFresh) throw new AppError('auth.oidc-failed');
}
