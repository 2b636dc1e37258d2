import { Can, Idempotent, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { InvitationsPage, InvitationView, InviteDto, toInvitationView } from './invitations.dto';
import { Invitations } from './invitations.service';

@ApiTags('members')
@Controller('workspaces/:workspaceId/invitations')
export class InvitationsController {
  constructor(private readonly invitations: Invitations) {}

  /** Mail somebody an invitation, in a role not above your own. */
  @Post()
  @Can('members.manage')
  @Idempotent()
  @ApiCreatedResponse({ type: InvitationView })
  async invite(@Workspace() ctx: WorkspaceContext, @Body() input: InviteDto): Promise<InvitationView> {
    return toInvitationView(await this.invitations.invite(ctx, input.email, input.role));
  }

  /** The open ones, newest first. */
  @Get()
  @Can('members.manage')
  @ApiOkResponse({ type: InvitationsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<InvitationsPage> {
    const { items, nextCursor } = await this.invitations.list(ctx, query);
    return { items: items.map(toInvitationView), nextCursor };
  }

  /** Mail it again. The link that was mailed before is dead. */
  @Post(':invitationId/resend')
  @Can('members.manage')
  @HttpCode(200)
  @ApiOkResponse({ type: InvitationView })
  async resend(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('invitationId') invitationId: string,
  ): Promise<InvitationView> {
    return toInvitationView(await this.invitations.resend(ctx, invitationId));
  }

  @Delete(':invitationId')
  @Can('members.manage')
  @HttpCode(204)
  @ApiNoContentResponse()
  withdraw(@Workspace() ctx: WorkspaceContext, @UuidParam('invitationId') invitationId: string): Promise<void> {
    return this.invitations.withdraw(ctx, invitationId);
  }
}
