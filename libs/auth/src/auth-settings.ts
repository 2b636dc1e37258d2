import type { SecretsConfig, TokensConfig } from '@app/config';

/** The groups of the configuration this lib works with. A class, so that it can be injected. */
export class AuthSettings {
  constructor(
    readonly tokens: TokensConfig,
    readonly secrets: SecretsConfig,
    /** Origins whose pages are ours besides the host a request is sent to: CORS_ORIGINS and the public address. */
    readonly ownOrigins: readonly string[] = [],
  ) {}
}
