import { CurrentUser, LimitedBy, SignedIn } from '@app/http';
import type { UserContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { toWorkspaceView, WorkspaceView } from '../workspaces.dto';
import { InvitationAnswers } from './invitation-answers.service';
import { AcceptInvitationDto } from './invitations.dto';

@ApiTags('members')
@Controller('invitations')
export class InvitationAnswersController {
  constructor(private readonly answers: InvitationAnswers) {}

  /** Join the workspace you were invited to. */
  @Post('accept')
  @SignedIn()
  @LimitedBy('auth')
  @HttpCode(200)
  @ApiOkResponse({ type: WorkspaceView })
  async accept(@CurrentUser() user: UserContext, @Body() input: AcceptInvitationDto): Promise<WorkspaceView> {
    return toWorkspaceView(await this.answers.accept(user, input.token));
  }
}
