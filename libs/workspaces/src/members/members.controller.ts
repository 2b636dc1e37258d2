import { Can, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { MemberRoleDto, MembersPage, MemberView, toMemberView } from './members.dto';
import { Members } from './members.service';

@ApiTags('members')
@Controller('workspaces/:workspaceId/members')
export class MembersController {
  constructor(private readonly members: Members) {}

  @Get()
  @Can('members.read')
  @ApiOkResponse({ type: MembersPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<MembersPage> {
    const { items, nextCursor } = await this.members.list(ctx, query);
    return { items: items.map(toMemberView), nextCursor };
  }

  /** Give a member another role. It counts from their next request on. */
  @Put(':userId')
  @Can('members.manage')
  @ApiOkResponse({ type: MemberView })
  async changeRole(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('userId') userId: string,
    @Body() input: MemberRoleDto,
  ): Promise<MemberView> {
    return toMemberView(await this.members.changeRole(ctx, userId, input.role));
  }

  /** Take a member out. The workspace is gone for them with their next request. */
  @Delete(':userId')
  @Can('members.manage')
  @HttpCode(204)
  @ApiNoContentResponse()
  remove(@Workspace() ctx: WorkspaceContext, @UuidParam('userId') userId: string): Promise<void> {
    return this.members.remove(ctx, userId);
  }
}
