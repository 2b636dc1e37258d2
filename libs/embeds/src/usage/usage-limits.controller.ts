import { Can, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { UsageLimitsDto, UsageLimitsView } from './usage-limits.dto';
import { UsageLimitsService } from './usage-limits.service';

@ApiTags('usage')
@Controller('workspaces/:workspaceId')
export class UsageLimitsController {
  constructor(private readonly limits: UsageLimitsService) {}

  /** What the workspace may use, over all its embeds. */
  @Get('usage-limits')
  @Can('embeds.read')
  @ApiOkResponse({ type: UsageLimitsView })
  get(@Workspace() ctx: WorkspaceContext): Promise<UsageLimitsView> {
    return this.limits.get(ctx, null);
  }

  /** Changes what is given; null takes a limit away, what is left out stays. None may be above the installation's. */
  @Put('usage-limits')
  @Can('embeds.write')
  @ApiOkResponse({ type: UsageLimitsView })
  change(@Workspace() ctx: WorkspaceContext, @Body() input: UsageLimitsDto): Promise<UsageLimitsView> {
    return this.limits.change(ctx, null, input);
  }

  /** What one embed may use; the workspace's limits hold beside it. */
  @Get('embeds/:embedId/usage-limits')
  @Can('embeds.read')
  @ApiOkResponse({ type: UsageLimitsView })
  getOfEmbed(@Workspace() ctx: WorkspaceContext, @UuidParam('embedId') embedId: string): Promise<UsageLimitsView> {
    return this.limits.get(ctx, embedId);
  }

  /** As for the workspace; none may be above the workspace's. */
  @Put('embeds/:embedId/usage-limits')
  @Can('embeds.write')
  @ApiOkResponse({ type: UsageLimitsView })
  changeOfEmbed(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @Body() input: UsageLimitsDto,
  ): Promise<UsageLimitsView> {
    return this.limits.change(ctx, embedId, input);
  }
}
