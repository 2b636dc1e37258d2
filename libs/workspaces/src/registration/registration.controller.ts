import { Client, type ClientInfo, HandsOutTokens, MAIL_PROMISED, MailPromisedView } from '@app/auth';
import { LimitedBy, Public } from '@app/http';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';

import { PendingRegistrations } from './pending-registrations.service';
import { ConfirmRegistrationDto, RegisterDto, RegisteredView, toRegisteredView } from './registration.dto';

/** Under `auth` for its clients, in this lib because it makes a workspace too. */
@ApiTags('auth')
@Controller('auth')
export class RegistrationController {
  constructor(private readonly registrations: PendingRegistrations) {}

  /** Ask for an account with a first workspace. A mail with a link follows; the answer is the same for every address. */
  @Post('register')
  @Public()
  @LimitedBy('auth')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: MailPromisedView })
  async register(@Body() input: RegisterDto, @Client() client: ClientInfo): Promise<MailPromisedView> {
    await this.registrations.request(input, client);
    return MAIL_PROMISED;
  }

  /** Make the account with the mailed token, and sign in. */
  @Post('registrations/confirm')
  @Public()
  @LimitedBy('auth')
  @HandsOutTokens()
  @ApiCreatedResponse({ type: RegisteredView })
  async confirm(@Body() input: ConfirmRegistrationDto, @Client() client: ClientInfo): Promise<RegisteredView> {
    return toRegisteredView(await this.registrations.confirm(input.token, client));
  }
}
