import { Client, type ClientInfo } from '@app/auth';
import { LimitedBy, Public } from '@app/http';
import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';

import { RegisterDto, RegisteredView, toRegisteredView } from './registration.dto';
import { RegistrationService } from './registration.service';

/** Under `auth` for its clients, in this lib because it makes a workspace too. */
@ApiTags('auth')
@Controller('auth')
export class RegistrationController {
  constructor(private readonly registration: RegistrationService) {}

  /** Make an account with a first workspace, and sign in. */
  @Post('register')
  @Public()
  @LimitedBy('auth')
  @ApiCreatedResponse({ type: RegisteredView })
  async register(@Body() input: RegisterDto, @Client() client: ClientInfo): Promise<RegisteredView> {
    return toRegisteredView(await this.registration.register(input, client));
  }
}
