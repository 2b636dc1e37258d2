import type { OidcConfig, SecretsConfig, TokensConfig } from '@app/config';
import { ConnectionAuthenticator, RequestAuthenticator } from '@app/http';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';

import { AccountMails } from './accounts/account-mails';
import { AccountSeals } from './accounts/account-seals';
import { Accounts } from './accounts/accounts.service';
import { ApiKeyAuthenticator } from './api-keys/api-key-authenticator';
import { ExpiredLinks } from './accounts/expired-links';
import { MailRequests } from './accounts/mail-requests';
import { PasswordResetLinks } from './accounts/password-reset-links';
import { PasswordResets } from './accounts/password-resets.service';
import { PasswordsController } from './accounts/passwords.controller';
import { Passwords } from './accounts/passwords.service';
import { AuthController } from './auth.controller';
import { AuthSettings } from './auth-settings';
import { FACTOR_CONTROLLERS, FACTOR_PROVIDERS } from './factors';
import { MeController } from './me.controller';
import { OidcSettings } from './oidc/oidc-settings';
import { PasswordHasher, PasswordWork } from './passwords/password-hasher';
import { SessionRefresh } from './sessions/session-refresh.service';
import { SessionOrigins } from './sessions/session-origins';
import { SessionRevocations } from './sessions/session-revocations.service';
import { SessionRotation } from './sessions/session-rotation.service';
import { SessionTerms } from './sessions/session-terms';
import { SessionsController } from './sessions/sessions.controller';
import { Sessions } from './sessions/sessions.service';
import { Suspensions } from './sessions/suspensions.service';
import { DeviceCodeCheck } from './sign-in/device-code-check.service';
import { DeviceCodeMails } from './sign-in/device-code-mails.service';
import { DeviceCodes } from './sign-in/device-codes';
import { KnownDevices } from './sign-in/known-devices';
import { LoginThrottle } from './sign-in/login-throttle';
import { SignIn } from './sign-in/sign-in.service';
import { AccessTokenKeys } from './tokens/access-token-keys';
import { BearerAuthenticator } from './tokens/bearer-authenticator';
import { ConnectionTokens } from './tokens/connection-tokens';
import { CsrfTokens } from './tokens/csrf-tokens';
import { KeySetController } from './tokens/key-set.controller';
import { TOKEN_PROVIDERS } from './tokens/token-providers';

const CONTROLLERS = [
  AuthController,
  PasswordsController,
  SessionsController,
  MeController,
  KeySetController,
  ...FACTOR_CONTROLLERS,
];

export interface AuthConfig {
  /** How much work a password hash is; the least OWASP allows when left out. */
  passwords?: { memoryKib: number; passes: number };
  readonly tokens: TokensConfig;
  readonly secrets: SecretsConfig;
  /** Null, and when not given: nobody signs in elsewhere. */
  readonly oidc?: OidcConfig | null;
  /** How browsers reach the api, without a trailing slash. Needed beside `oidc`. */
  readonly publicUrl?: string;
  /** Origins whose pages are ours besides the host a request is sent to. */
  readonly ownOrigins?: readonly string[];
}

const SESSION_PROVIDERS = [
  SessionTerms,
  SessionOrigins,
  SessionRevocations,
  Suspensions,
  Sessions,
  SessionRotation,
  SessionRefresh,
];

const SIGN_IN_PROVIDERS = [KnownDevices, LoginThrottle, DeviceCodes, DeviceCodeMails, DeviceCodeCheck, SignIn];

/**
 * Who you are. Global, because the guard of `@app/http` asks it about every request. Needs DatabaseModule (with
 * `AUTH_ENTITIES`), CacheModule, AuditModule and a provider of `Clock`.
 */
@Global()
@Module({})
export class AuthModule {
  static forRoot(config: AuthConfig): DynamicModule {
    const settings = new AuthSettings(config.tokens, config.secrets, config.ownOrigins);
    return {
      module: AuthModule,
      // Every call names its key.
      imports: [JwtModule.register({})],
      controllers: CONTROLLERS,
      providers: [
        { provide: AuthSettings, useValue: settings },
        { provide: AccessTokenKeys, useValue: new AccessTokenKeys(settings) },
        ...TOKEN_PROVIDERS,
        ApiKeyAuthenticator,
        { provide: RequestAuthenticator, useClass: BearerAuthenticator },
        { provide: ConnectionAuthenticator, useClass: ConnectionTokens },
        {
          provide: PasswordWork,
          useValue: new PasswordWork(config.passwords?.memoryKib, config.passwords?.passes),
        },
        PasswordHasher,
        AccountSeals,
        Accounts,
        AccountMails,
        MailRequests,
        PasswordResetLinks,
        Passwords,
        PasswordResets,
        ExpiredLinks,
        ...SESSION_PROVIDERS,
        ...SIGN_IN_PROVIDERS,
        { provide: OidcSettings, useValue: new OidcSettings(config.oidc ?? null, config.publicUrl ?? '') },
        ...FACTOR_PROVIDERS,
      ],
      exports: [
        RequestAuthenticator,
        ConnectionAuthenticator,
        Accounts,
        MailRequests,
        Sessions,
        SessionRevocations,
        Suspensions,
        PasswordHasher,
        // What `HandsOutTokens` needs on the routes of other libs.
        AuthSettings,
        CsrfTokens,
        KnownDevices,
      ],
    };
  }
}
