import { CurrentUser, LimitedBy, SignedIn } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { StepUpDto, StepUpView, toStepUpProof } from './step-up.dto';
import { StepUpService } from './step-up.service';

@ApiTags('auth')
@Controller('me/step-up')
export class StepUpController {
  constructor(private readonly stepUp: StepUpService) {}

  /** Prove again that it is you, with the password or a code: dangerous routes are open for ten minutes. */
  @Post()
  @SignedIn()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiOkResponse({ type: StepUpView })
  async confirm(@CurrentUser() user: UserContext, @Body() input: StepUpDto): Promise<StepUpView> {
    return { confirmedUntil: (await this.stepUp.confirm(user, toStepUpProof(input))).toISOString() };
  }
}
