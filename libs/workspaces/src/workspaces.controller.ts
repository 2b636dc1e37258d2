import { Can, CurrentUser, type HttpReply, Idempotent, PageQuery, SignedIn, Workspace } from '@app/http';
import type { UserContext, WorkspaceContext } from '@app/kernel';
import { Body, Controller, Get, Headers, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { toWorkspaceView, WorkspaceNameDto, WorkspacesPage, WorkspaceView } from './workspaces.dto';
import { etagOf, type OwnWorkspace, Workspaces } from './workspaces.service';

const withEtag = (reply: HttpReply, workspace: OwnWorkspace): WorkspaceView => {
  void reply.header('etag', etagOf(workspace));
  return toWorkspaceView(workspace);
};

@ApiTags('workspaces')
@Controller('workspaces')
export class WorkspacesController {
  constructor(private readonly workspaces: Workspaces) {}

  /** The workspaces the signed-in user belongs to. */
  @Get()
  @SignedIn()
  @ApiOkResponse({ type: WorkspacesPage })
  async list(@CurrentUser() user: UserContext, @Query() query: PageQuery): Promise<WorkspacesPage> {
    const { items, nextCursor } = await this.workspaces.list(user, query);
    return { items: items.map(toWorkspaceView), nextCursor };
  }

  /** A new workspace, owned by the signed-in user. */
  @Post()
  @SignedIn()
  @Idempotent()
  @ApiCreatedResponse({ type: WorkspaceView })
  async create(@CurrentUser() user: UserContext, @Body() input: WorkspaceNameDto): Promise<WorkspaceView> {
    return toWorkspaceView(await this.workspaces.create(user, input.name));
  }

  @Get(':workspaceId')
  @Can('workspace.read')
  @ApiOkResponse({ type: WorkspaceView })
  async show(@Workspace() ctx: WorkspaceContext, @Res({ passthrough: true }) reply: HttpReply): Promise<WorkspaceView> {
    return withEtag(reply, await this.workspaces.get(ctx));
  }

  /** Rename it. With `If-Match`, only if nobody else did since it was read. */
  @Put(':workspaceId')
  @Can('workspace.manage')
  @ApiHeader({ name: 'If-Match', required: false, schema: { type: 'string', maxLength: 100 } })
  @ApiOkResponse({ type: WorkspaceView })
  async rename(
    @Workspace() ctx: WorkspaceContext,
    @Body() input: WorkspaceNameDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<WorkspaceView> {
    return withEtag(reply, await this.workspaces.rename(ctx, input.name, ifMatch));
  }
}
