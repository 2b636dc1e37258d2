import { CurrentUser, LimitedBy, SignedIn, StepUp } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import {
  ConfirmTotpDto,
  EnrolmentView,
  RecoveryCodesView,
  SecondFactorStatusView,
  toEnrolmentView,
  toStatusView,
} from './second-factor.dto';
import { SecondFactors } from './second-factors.service';

@ApiTags('auth')
@Controller('me')
export class SecondFactorController {
  constructor(private readonly secondFactors: SecondFactors) {}

  /** Whether signing in asks for a code, and how many recovery codes are left. */
  @Get('second-factor')
  @SignedIn()
  @ApiOkResponse({ type: SecondFactorStatusView })
  async status(@CurrentUser() user: UserContext): Promise<SecondFactorStatusView> {
    return toStatusView(await this.secondFactors.status(user));
  }

  /** Start setting up an authenticator app. Nothing is asked for at sign-in before it is confirmed. */
  @Post('totp')
  @SignedIn()
  @StepUp()
  @HttpCode(200)
  @ApiOkResponse({ type: EnrolmentView })
  async enrol(@CurrentUser() user: UserContext): Promise<EnrolmentView> {
    return toEnrolmentView(await this.secondFactors.enrol(user));
  }

  /** Turn it on with a first code, within ten minutes. Answers the recovery codes. */
  @Post('totp/confirm')
  @SignedIn()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiOkResponse({ type: RecoveryCodesView })
  async confirm(@CurrentUser() user: UserContext, @Body() input: ConfirmTotpDto): Promise<RecoveryCodesView> {
    return { recoveryCodes: await this.secondFactors.enable(user, input.code) };
  }

  /** Turn the second factor off. Its recovery codes go with it. */
  @Delete('totp')
  @SignedIn()
  @StepUp()
  @HttpCode(204)
  @ApiNoContentResponse()
  disable(@CurrentUser() user: UserContext): Promise<void> {
    return this.secondFactors.disable(user);
  }

  /** Ten new recovery codes; the old ones are no good any more. */
  @Post('recovery-codes')
  @SignedIn()
  @StepUp()
  @HttpCode(200)
  @ApiOkResponse({ type: RecoveryCodesView })
  async renew(@CurrentUser() user: UserContext): Promise<RecoveryCodesView> {
    return { recoveryCodes: await this.secondFactors.renewRecoveryCodes(user) };
  }
}
