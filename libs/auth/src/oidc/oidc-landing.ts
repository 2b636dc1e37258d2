import type { HttpReply } from '@app/http';
import { Injectable } from '@nestjs/common';

import { AuthSettings } from '../auth-settings';
import { CsrfTokens } from '../tokens/csrf-tokens';
import { setRefreshCookie } from '../tokens/refresh-cookie';
import { OidcSettings } from './oidc-settings';
import type { OidcArrival } from './oidc-sign-in.service';

/** What a browser has when it comes back to the product's own page. */
@Injectable()
export class OidcLanding {
  constructor(
    private readonly settings: AuthSettings,
    private readonly oidc: OidcSettings,
    private readonly csrfTokens: CsrfTokens,
  ) {}

  /**
   * The refresh token goes where a login's goes, into its cookie; the page gets access tokens with it. No token that is
   * good by itself is in the address: the CSRF token needs the cookie, the challenge a code.
   */
  addressAfter(arrival: OidcArrival, reply: HttpReply): string {
    if (arrival === 'linked') return this.oidc.returnAddress({ oidc: 'linked' });
    if ('secondFactor' in arrival) {
      const { challenge, expiresAt } = arrival.secondFactor;
      return this.oidc.returnAddress({ oidc: 'second-factor', challenge, expiresAt: expiresAt.toISOString() });
    }
    const { refreshToken } = arrival.tokens;
    setRefreshCookie(reply, refreshToken, this.settings.tokens.refreshIdleTtlSeconds);
    const [sessionId = ''] = refreshToken.split('.');
    return this.oidc.returnAddress({ oidc: 'signed-in', csrfToken: this.csrfTokens.issue(sessionId) });
  }
}
