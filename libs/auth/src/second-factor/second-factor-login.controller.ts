import { LimitedBy, Public } from '@app/http';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { LoginView, toLoginView } from '../auth.dto';
import { Client } from '../client';
import type { ClientInfo } from '../client-info';
import { HandsOutTokens } from '../tokens/token-delivery.interceptor';
import { SecondFactorLoginDto, toFactorProof } from './second-factor.dto';
import { SignInCompletion } from './sign-in-completion.service';

@ApiTags('auth')
@Controller('auth/login/second-factor')
export class SecondFactorLoginController {
  constructor(private readonly completion: SignInCompletion) {}

  /** Finish a sign-in with a code of the authenticator app, or with a recovery code. */
  @Post()
  @Public()
  @HandsOutTokens()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiOkResponse({ type: LoginView })
  async login(@Body() input: SecondFactorLoginDto, @Client() client: ClientInfo): Promise<LoginView> {
    return toLoginView(await this.completion.finish(input.challenge, toFactorProof(input), client));
  }
}
