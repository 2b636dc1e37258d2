import { CurrentUser, LimitedBy, Public, SignedIn } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiExtraModels, ApiNoContentResponse, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';

import { LoginDto, LoginView, RefreshDto, TokensView, toSignInView, toTokensView } from './auth.dto';
import { Client } from './client';
import type { ClientInfo } from './client-info';
import { SecondFactorNeededView } from './second-factor/second-factor.dto';
import { SessionRefresh } from './sessions/session-refresh.service';
import { Sessions } from './sessions/sessions.service';
import { SignIn } from './sign-in/sign-in.service';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessionRefresh: SessionRefresh,
    private readonly sessions: Sessions,
  ) {}

  /** Sign in with e-mail and password. Who has a second factor gets a challenge for it instead of tokens. */
  @Post('login')
  @Public()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiExtraModels(LoginView, SecondFactorNeededView)
  @ApiOkResponse({
    schema: { oneOf: [LoginView, SecondFactorNeededView].map((view) => ({ $ref: getSchemaPath(view) })) },
  })
  async login(@Body() input: LoginDto, @Client() client: ClientInfo): Promise<LoginView | SecondFactorNeededView> {
    return toSignInView(await this.signIn.signIn(input, client));
  }

  /** Exchange the refresh token for new tokens. It is good once; using an old one ends the session. */
  @Post('refresh')
  @Public()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiOkResponse({ type: TokensView })
  async refresh(@Body() input: RefreshDto, @Client() client: ClientInfo): Promise<TokensView> {
    return toTokensView(await this.sessionRefresh.refresh(input.refreshToken, client));
  }

  /** Sign out: both tokens of this session are refused from now on. */
  @Post('logout')
  @SignedIn()
  @HttpCode(204)
  @ApiNoContentResponse()
  logout(@CurrentUser() user: UserContext): Promise<void> {
    return this.sessions.end(user);
  }
}
