import { CurrentUser, type HttpReply, type HttpRequest, LimitedBy, Public, SignedIn } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiNoContentResponse, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';

import { LoginDto, LoginView, RefreshDto, TokensView, toSignInView, toTokensView } from './auth.dto';
import { Client } from './client';
import type { ClientInfo } from './client-info';
import { SecondFactorNeededView } from './second-factor/second-factor.dto';
import { SessionRefresh } from './sessions/session-refresh.service';
import { Sessions } from './sessions/sessions.service';
import { presentedDevice } from './sign-in/known-devices';
import { SignIn } from './sign-in/sign-in.service';
import { AcceptsRefreshCookie } from './tokens/accepts-refresh-cookie';
import { OwnPageGuard } from './tokens/own-page.guard';
import { clearRefreshCookie, presentedToken } from './tokens/refresh-cookie';
import { HandsOutTokens } from './tokens/token-delivery.interceptor';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessionRefresh: SessionRefresh,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Sign in with e-mail and password. Who has a second factor gets a challenge for it instead of tokens. While many guess
   * at the account, a device it was not signed in on before is answered `403 auth.device-code-required`, whatever the
   * password: send all of it again with the `deviceCode` that is mailed to the address, if it has an account.
   */
  @Post('login')
  @Public()
  @HandsOutTokens()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiExtraModels(LoginView, SecondFactorNeededView)
  @ApiOkResponse({
    schema: { oneOf: [LoginView, SecondFactorNeededView].map((view) => ({ $ref: getSchemaPath(view) })) },
  })
  async login(
    @Body() { email, password, deviceToken, deviceCode }: LoginDto,
    @Req() request: HttpRequest,
    @Client() client: ClientInfo,
  ): Promise<LoginView | SecondFactorNeededView> {
    const credentials = { email, password, deviceCode, deviceToken: presentedDevice(deviceToken, request) };
    return toSignInView(await this.signIn.signIn(credentials, client));
  }

  /**
   * Exchange the refresh token, of the cookie or of the body, for new tokens. It is good once; using an old one ends the
   * session. The new one goes where the old one came from. With the cookie, `X-CSRF-Token` is needed.
   */
  @Post('refresh')
  @Public()
  @UseGuards(OwnPageGuard)
  @HandsOutTokens()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiOkResponse({ type: TokensView })
  async refresh(
    @Body() input: RefreshDto,
    @Req() request: HttpRequest,
    @Client() client: ClientInfo,
  ): Promise<TokensView> {
    return toTokensView(await this.sessionRefresh.refresh(presentedToken(input.refreshToken, request), client));
  }

  /** Sign out: both tokens of this session are refused from now on. A browser may show its cookie and `X-CSRF-Token`. */
  @Post('logout')
  @SignedIn()
  @AcceptsRefreshCookie(true)
  @HttpCode(204)
  @ApiNoContentResponse()
  async logout(@CurrentUser() user: UserContext, @Res({ passthrough: true }) reply: HttpReply): Promise<void> {
    await this.sessions.end(user);
    clearRefreshCookie(reply);
  }

  /** Sign out everywhere: all sessions of the user end, this one too. */
  @Post('logout-all')
  @SignedIn()
  @HttpCode(204)
  @ApiNoContentResponse()
  async logoutAll(@CurrentUser() user: UserContext, @Res({ passthrough: true }) reply: HttpReply): Promise<void> {
    await this.sessions.endOwn(user);
    clearRefreshCookie(reply);
  }
}
