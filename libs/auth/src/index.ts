import { ApiKey } from './api-keys/api-key';
import { PasswordReset } from './accounts/password-reset';
import { User } from './accounts/user';
import { UserIdentity } from './oidc/user-identity';
import { RecoveryCode } from './second-factor/recovery-code';
import { SecondFactor } from './second-factor/second-factor';
import { Session } from './sessions/session';

export { type Account, Accounts, normaliseEmail } from './accounts/accounts.service';
export { MailRequests } from './accounts/mail-requests';
export {
  hashOfSecret,
  newOneTimeSecret,
  type OneTimeToken,
  oneTimeTokenText,
  readOneTimeToken,
} from './accounts/one-time-token';
export { LinkTokenField, MAIL_PROMISED, MailPromisedView } from './accounts/passwords.dto';
export { MAX_PASSWORD_FIELD_CHARACTERS, TokensView, toTokensView, toUserView, UserView } from './auth.dto';
export { ApiKeysModule } from './api-keys/api-keys.module';
export { AuthModule } from './auth.module';
export { Client } from './client';
export type { ClientInfo } from './client-info';
export { PasswordHasher } from './passwords/password-hasher';
export { mustBeStrongPassword } from './passwords/password-policy';
export { type RevokedSessions, SessionRevocations } from './sessions/session-revocations.service';
export { SessionSweep } from './sessions/session-sweep.service';
export { Sessions } from './sessions/sessions.service';
export { SuspensionsModule } from './sessions/suspensions.module';
export { Suspensions } from './sessions/suspensions.service';
export { HandsOutTokens, type RefreshTokenIn, RefreshTokenInField } from './tokens/token-delivery.interceptor';
export type { SessionTokens } from './tokens/token-pairs';

/** For `DatabaseModule.forRoot({ entities })`. */
export const AUTH_ENTITIES = [User, PasswordReset, Session, ApiKey, SecondFactor, RecoveryCode, UserIdentity];
