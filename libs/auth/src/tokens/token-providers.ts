import { AccessTokens } from './access-tokens';
import { BearerTokens } from './bearer-tokens';
import { CookieCallers } from './cookie-callers';
import { CsrfTokens } from './csrf-tokens';
import { JwtStrategy } from './jwt.strategy';
import { OwnPages } from './own-pages';
import { RefreshTokens } from './refresh-tokens';
import { TokenPairs } from './token-pairs';

/** Tokens and how they travel, for `AuthModule`. */
export const TOKEN_PROVIDERS = [
  AccessTokens,
  RefreshTokens,
  TokenPairs,
  JwtStrategy,
  BearerTokens,
  CsrfTokens,
  OwnPages,
  CookieCallers,
];
