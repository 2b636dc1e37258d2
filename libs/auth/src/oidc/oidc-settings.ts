import type { OidcConfig } from '@app/config';
import { AppError } from '@app/kernel';

const CALLBACK_PATH = '/v1/auth/oidc/callback';

/** The other provider people may sign in with, and where they come back to. A class, so that it can be injected. */
export class OidcSettings {
  constructor(
    /** Null when there is none. */
    readonly provider: OidcConfig | null,
    /** How browsers reach the api, without a trailing slash. */
    readonly publicUrl: string,
  ) {}

  /** Registered at the provider, character by character. */
  get redirectUri(): string {
    return `${this.publicUrl}${CALLBACK_PATH}`;
  }

  /** @throws AppError `auth.oidc-not-configured` */
  mustHaveProvider(): OidcConfig {
    if (!this.provider) throw new AppError('auth.oidc-not-configured');
    return this.provider;
  }

  /**
   * The one page a browser is sent to. Nothing of a request is in it. What the page has to know stands in the fragment,
   * which browsers keep to themselves.
   */
  returnAddress(told: Readonly<Record<string, string>>): string {
    return `${this.publicUrl}${this.mustHaveProvider().returnPath}#${new URLSearchParams(told).toString()}`;
  }
}
