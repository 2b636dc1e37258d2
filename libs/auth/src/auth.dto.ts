import { EmailField, TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

import type { Account, Membership } from './accounts/accounts.service';
import { type SecondFactorNeededView, toSecondFactorNeededView } from './second-factor/second-factor.dto';
import type { SignInStep } from './second-factor/sign-in-completion.service';
import { MAX_DEVICE_CODE_CHARACTERS } from './sign-in/device-codes';
import { MAX_DEVICE_TOKEN_CHARACTERS } from './sign-in/known-devices';
import { type RefreshTokenIn, RefreshTokenInField } from './tokens/token-delivery.interceptor';
import type { SessionTokens } from './tokens/token-pairs';

/** Room for decomposed forms; the policy counts 128 characters after NFKC. */
export const MAX_PASSWORD_FIELD_CHARACTERS = 512;

/** Longer than any token, so that a token of another kind is answered as a token that is not good here. */
const MAX_TOKEN_FIELD_CHARACTERS = 2048;

export class LoginDto {
  @EmailField()
  email: string;

  @TextField({ max: MAX_PASSWORD_FIELD_CHARACTERS })
  password: string;

  @RefreshTokenInField()
  refreshTokenIn?: RefreshTokenIn;

  @TextField({
    max: MAX_DEVICE_TOKEN_CHARACTERS,
    optional: true,
    description: 'Of an earlier sign-in on this device. Left out where a cookie holds it',
  })
  deviceToken?: string;

  @TextField({
    max: MAX_DEVICE_CODE_CHARACTERS,
    optional: true,
    description: 'Out of the mail, after an answer with `auth.device-code-required`. Good once, for fifteen minutes',
  })
  deviceCode?: string;
}

export class RefreshDto {
  @TextField({ max: MAX_TOKEN_FIELD_CHARACTERS, optional: true, description: 'Left out where a cookie holds it' })
  refreshToken?: string;
}

export class UserView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ format: 'email', maxLength: 254 })
  email: string;

  @ApiProperty({ maxLength: 200 })
  name: string;
}

export class TokensView {
  @ApiProperty({ description: 'Send it as `Authorization: Bearer`', maxLength: 2048 })
  accessToken: string;

  @ApiProperty({ description: 'When the access token ends', format: 'date-time', maxLength: 24 })
  expiresAt: string;

  @ApiProperty({ description: 'Good once, for new tokens; where it is asked for', maxLength: 200, required: false })
  refreshToken?: string;

  @ApiProperty({
    description: 'With the refresh token in a cookie: send it as `X-CSRF-Token` to refresh and to sign out',
    maxLength: 66,
    required: false,
  })
  csrfToken?: string;

  @ApiProperty({
    description: 'After a sign-in, beside a refresh token in the body: send it with the next one from this device',
    maxLength: MAX_DEVICE_TOKEN_CHARACTERS,
    required: false,
  })
  deviceToken?: string;
}

export class LoginView extends TokensView {
  @ApiProperty()
  user: UserView;
}

export class OwnWorkspaceView {
  @ApiProperty({ format: 'uuid', maxLength: 36 })
  id: string;

  @ApiProperty({ maxLength: 200 })
  name: string;

  @ApiProperty({ enum: ['owner', 'admin', 'editor', 'agent', 'viewer'] })
  role: string;
}

export class MeView {
  @ApiProperty()
  user: UserView;

  @ApiProperty({ type: [OwnWorkspaceView], maxItems: 1000 })
  workspaces: OwnWorkspaceView[];
}

export const toUserView = ({ id, email, name }: Account): UserView => ({ id, email, name });

export const toTokensView = ({ accessToken, expiresAt, refreshToken }: SessionTokens): TokensView => ({
  accessToken,
  expiresAt: expiresAt.toISOString(),
  refreshToken,
});

export const toLoginView = ({ account, tokens }: { account: Account; tokens: SessionTokens }): LoginView => ({
  user: toUserView(account),
  ...toTokensView(tokens),
});

export const toSignInView = (step: SignInStep): LoginView | SecondFactorNeededView =>
  'secondFactor' in step ? toSecondFactorNeededView(step.secondFactor) : toLoginView(step);

export const toMeView = ({ account, workspaces }: { account: Account; workspaces: Membership[] }): MeView => ({
  user: toUserView(account),
  workspaces,
});
