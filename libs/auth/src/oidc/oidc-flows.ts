import { KeyValueStore } from '@app/cache';
import { deriveKey, randomToken, SecretBox } from '@app/crypto';
import { AppError, Clock, newId } from '@app/kernel';
import { Injectable } from '@nestjs/common';

import { AuthSettings } from '../auth-settings';

/** Long enough for a password, a code and a lost phone. */
export const FLOW_SECONDS = 10 * 60;
const AAD = 'oidc-flow';

/** What a round trip to the provider is for. */
export type OidcPurpose =
  /** @property isFresh the provider must ask for credentials, whether or not the person is signed in there */
  | { readonly kind: 'sign-in'; readonly isFresh: boolean }
  | { readonly kind: 'link'; readonly userId: string; readonly sessionId: string };

/** A round trip that was started by one browser. */
export interface OidcFlow {
  readonly id: string;
  readonly purpose: OidcPurpose;
  readonly state: string;
  readonly nonce: string;
  /** PKCE's code verifier (RFC 7636): 43 characters. */
  readonly verifier: string;
  /** Milliseconds. */
  readonly startedAt: number;
}

/**
 * What only the browser that started may know until it comes back: sealed, in a cookie, good once and for ten minutes.
 * Without the cookie a callback is somebody else's (RFC 9700, 4.7; OWASP ASVS 5.0, 10.1.2 and 10.2.1).
 */
@Injectable()
export class OidcFlows {
  private readonly box: SecretBox;

  constructor(
    { secrets }: AuthSettings,
    private readonly store: KeyValueStore,
    private readonly clock: Clock,
  ) {
    this.box = new SecretBox(deriveKey(secrets.secretKey, 'oidc-flows'));
  }

  start(purpose: OidcPurpose): { flow: OidcFlow; sealed: string } {
    const flow: OidcFlow = {
      id: newId(),
      purpose,
      state: randomToken(),
      nonce: randomToken(),
      verifier: randomToken(),
      startedAt: this.clock.now().getTime(),
    };
    return { flow, sealed: this.box.seal(Buffer.from(JSON.stringify(flow)), AAD).toString('base64url') };
  }

  /** Null for what this server did not seal, and for what is too old. */
  open(sealed: string): OidcFlow | null {
    try {
      // Only this class seals with this key.
      const flow = JSON.parse(this.box.open(Buffer.from(sealed, 'base64url'), AAD).toString()) as OidcFlow;
      return this.clock.now().getTime() - flow.startedAt < FLOW_SECONDS * 1000 ? flow : null;
    } catch {
      return null;
    }
  }

  /** @throws AppError `auth.oidc-failed` for all but the first that asks */
  async spend({ id }: OidcFlow): Promise<void> {
    const { count } = await this.store.increment(`oidc-flow:${id}`, FLOW_SECONDS).catch((cause: unknown) => {
      throw new AppError('service.not-ready', { cause });
    });
    if (count !== 1) throw new AppError('auth.oidc-failed');
  }
}
