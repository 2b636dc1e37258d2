import type { OidcConfig } from '@app/config';
import { AppError, Clock } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { ClientAuth, Configuration, IDToken, TokenEndpointResponse } from 'openid-client';

import type { OidcFlow } from './oidc-flows';
import { OidcSettings } from './oidc-settings';

const TIMEOUT_SECONDS = 5;
/** How long what the provider says about itself is believed. */
const DISCOVERY_MS = 60 * 60 * 1000;
const SCOPE = 'openid email profile';

/** Whom the provider vouches for. */
export interface OidcIdentity {
  readonly issuer: string;
  /** The provider's id for the person; e-mail addresses change hands, this does not. */
  readonly subject: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly name: string | null;
  /** When the person showed credentials there; null when the provider does not say. */
  readonly authenticatedAt: Date | null;
}

/** What a provider says about a person; anything may be missing or of another kind. */
type Profile = Readonly<Record<string, unknown>>;

/** Speaks OpenID Connect with the configured provider: code flow, PKCE with S256, signed ID tokens. */
@Injectable()
export class OidcProvider {
  private discovered: { until: number; configuration: Promise<Configuration> } | null = null;

  constructor(
    private readonly settings: OidcSettings,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `auth.oidc-not-configured` */
  mustBeConfigured(): void {
    this.settings.mustHaveProvider();
  }

  /**
   * Where the browser goes.
   * @throws AppError `auth.oidc-not-configured`, `auth.oidc-unavailable`
   */
  async addressFor({ state, nonce, verifier, purpose }: OidcFlow): Promise<string> {
    const configuration = await this.configuration();
    const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
    const mustAsk = purpose.kind === 'sign-in' && purpose.isFresh;
    return buildAuthorizationUrl(configuration, {
      redirect_uri: this.settings.redirectUri,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(mustAsk && { prompt: 'login', max_age: '0' }),
    }).href;
  }

  /**
   * Exchanges what the browser brought back. Checks state, `iss`, the ID token's signature, issuer, audience, nonce and
   * times, with the client library's own code.
   *
   * @throws AppError `auth.oidc-failed` for anything that is not right, `auth.oidc-unavailable`
   */
  async identify(answer: URLSearchParams, { state, nonce, verifier }: OidcFlow): Promise<OidcIdentity> {
    const configuration = await this.configuration();
    const { authorizationCodeGrant } = await import('openid-client');
    const address = new URL(this.settings.redirectUri);
    address.search = answer.toString();
    try {
      const tokens = await authorizationCodeGrant(configuration, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('There is no ID token');
      return this.toIdentity(claims, await this.profileOf(configuration, tokens, claims));
    } catch (cause) {
      throw new AppError(isOutage(cause) ? 'auth.oidc-unavailable' : 'auth.oidc-failed', { cause });
    }
  }

  /** Some providers tell the e-mail address in the ID token, others at the userinfo endpoint alone. */
  private async profileOf(
    configuration: Configuration,
    tokens: TokenEndpointResponse,
    claims: IDToken,
  ): Promise<Profile> {
    if (claims['email'] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    const { fetchUserInfo } = await import('openid-client');
    return fetchUserInfo(configuration, tokens.access_token, claims.sub);
  }

  private toIdentity({ iss, sub, auth_time: authTime }: IDToken, profile: Profile): OidcIdentity {
    const now = this.clock.now();
    const { email, name, email_verified: isEmailVerified } = profile;
    const authenticatedAt = authTime === undefined ? null : new Date(authTime * 1000);
    return {
      issuer: iss,
      subject: sub,
      email: typeof email === 'string' ? email : null,
      isEmailVerified: isEmailVerified === true,
      name: typeof name === 'string' ? name : null,
      // A clock that is ahead over there must not prove anything for longer here.
      authenticatedAt: authenticatedAt !== null && authenticatedAt > now ? now : authenticatedAt,
    };
  }

  private configuration(): Promise<Configuration> {
    const provider = this.settings.mustHaveProvider();
    const now = this.clock.now().getTime();
    if (this.discovered && now < this.discovered.until) return this.discovered.configuration;
    const configuration = discover(provider);
    const discovered = { until: now + DISCOVERY_MS, configuration };
    this.discovered = discovered;
    // The next one tries again.
    configuration.catch(() => {
      if (this.discovered === discovered) this.discovered = null;
    });
    return configuration;
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcConfig): Promise<Configuration> {
  const oidc = await import('openid-client');
  const [basic, post] = [oidc.ClientSecretBasic(clientSecret), oidc.ClientSecretPost(clientSecret)];
  // Basic is what a provider that says nothing supports (OpenID Connect Discovery 1.0, 3).
  const authentication: ClientAuth = (server, ...rest) => {
    const isBasic = server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true;
    (isBasic ? basic : post)(server, ...rest);
  };
  try {
    const configuration = await oidc.discovery(new URL(issuer), clientId, undefined, authentication, {
      timeout: TIMEOUT_SECONDS,
      // The settings refuse http in production.
      execute: issuer.startsWith('http://') ? [oidc.allowInsecureRequests] : [],
    });
    configuration.timeout = TIMEOUT_SECONDS;
    // The signature is verified even though the token came straight from the provider.
    oidc.enableNonRepudiationChecks(configuration);
    return configuration;
  } catch (cause) {
    throw new AppError('auth.oidc-unavailable', { cause });
  }
}

/** Whether the provider could not be reached or is out of order, which is nobody's fault at the browser. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message === 'fetch failed') return true; // a TypeError of Node's fetch; its cause says why
  const code: unknown = 'code' in error ? error.code : undefined;
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT') return true;
  return error.cause instanceof Response && error.cause.status >= 500;
}
