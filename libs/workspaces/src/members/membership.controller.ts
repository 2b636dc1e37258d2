import { Can, StepUp, UuidField, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { MemberView, toMemberView } from './members.dto';
import { Members } from './members.service';

export class TransferDto {
  @UuidField({ description: 'The member who becomes owner' })
  userId: string;
}

/** What members do with their own membership. */
@ApiTags('members')
@Controller('workspaces/:workspaceId')
export class MembershipController {
  constructor(private readonly members: Members) {}

  /** Hand the workspace to another member, and be an admin from then on. */
  @Post('transfer')
  @Can('workspace.transfer')
  @StepUp()
  @HttpCode(200)
  @ApiOkResponse({ type: MemberView })
  async transfer(@Workspace() ctx: WorkspaceContext, @Body() input: TransferDto): Promise<MemberView> {
    return toMemberView(await this.members.transfer(ctx, input.userId));
  }

  /** Leave. The last owner cannot. */
  @Post('leave')
  @Can('workspace.leave')
  @HttpCode(204)
  @ApiNoContentResponse()
  leave(@Workspace() ctx: WorkspaceContext): Promise<void> {
    return this.members.leave(ctx);
  }
}
