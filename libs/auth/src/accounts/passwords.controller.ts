import { CurrentUser, LimitedBy, Public, SignedIn } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post, Put } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { TokensView, toTokensView } from '../auth.dto';
import { Client } from '../client';
import type { ClientInfo } from '../client-info';
import { HandsOutTokens } from '../tokens/token-delivery.interceptor';
import { PasswordResets } from './password-resets.service';
import {
  ChangePasswordDto,
  MAIL_PROMISED,
  MailPromisedView,
  RequestPasswordResetDto,
  ResetPasswordDto,
} from './passwords.dto';
import { Passwords } from './passwords.service';

@ApiTags('auth')
@Controller()
export class PasswordsController {
  constructor(
    private readonly passwords: Passwords,
    private readonly resets: PasswordResets,
  ) {}

  /** Have a link to choose a new password mailed. The answer is the same for every address. */
  @Post('auth/password-resets')
  @Public()
  @LimitedBy('auth')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: MailPromisedView })
  async request(@Body() input: RequestPasswordResetDto, @Client() client: ClientInfo): Promise<MailPromisedView> {
    await this.resets.request(input.email, client);
    return MAIL_PROMISED;
  }

  /** Choose a new password with the mailed token. Every session ends. */
  @Post('auth/password-resets/confirm')
  @Public()
  @LimitedBy('auth')
  @HttpCode(204)
  @ApiNoContentResponse()
  confirm(@Body() input: ResetPasswordDto, @Client() client: ClientInfo): Promise<void> {
    return this.resets.confirm(input.token, input.password, client);
  }

  /** Change the own password. Every other session ends; this one goes on with the tokens of the answer. */
  @Put('me/password')
  @SignedIn()
  @LimitedBy('auth')
  @HandsOutTokens()
  @ApiOkResponse({ type: TokensView })
  async change(
    @CurrentUser() user: UserContext,
    @Body() input: ChangePasswordDto,
    @Client() client: ClientInfo,
  ): Promise<TokensView> {
    const { currentPassword: current, newPassword: next } = input;
    return toTokensView(await this.passwords.change(user, { current, next }, client));
  }
}
