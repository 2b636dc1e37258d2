import { Can, type HttpReply, Idempotent, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, Headers, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { etagOf } from './embed-etag';
import type { Embed } from './embed.entity';
import {
  CreatedEmbedView,
  CreateEmbedDto,
  EmbedsPage,
  EmbedView,
  KilledEmbedsView,
  toEmbedView,
  UpdateEmbedDto,
} from './embeds.dto';
import { EmbedsService } from './embeds.service';
import { KillSwitch } from './kill-switch.service';

const withEtag = (reply: HttpReply, embed: Embed): EmbedView => {
  void reply.header('etag', etagOf(embed));
  return toEmbedView(embed);
};

@ApiTags('embeds')
@Controller('workspaces/:workspaceId/embeds')
export class EmbedsController {
  constructor(
    private readonly embeds: EmbedsService,
    private readonly killSwitch: KillSwitch,
  ) {}

  /** Creates an embed; the answer is the only one that holds the whole key. */
  @Post()
  @Can('embeds.write')
  @Idempotent()
  @ApiCreatedResponse({ type: CreatedEmbedView })
  async create(@Workspace() ctx: WorkspaceContext, @Body() input: CreateEmbedDto): Promise<CreatedEmbedView> {
    const { embed, embedKey, snippet } = await this.embeds.create(ctx, input);
    return { embed: toEmbedView(embed), embedKey, snippet };
  }

  /** The embeds of the workspace, newest first. */
  @Get()
  @Can('embeds.read')
  @ApiOkResponse({ type: EmbedsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<EmbedsPage> {
    const { items, nextCursor } = await this.embeds.list(ctx, query);
    return { items: items.map(toEmbedView), nextCursor };
  }

  @Get(':embedId')
  @Can('embeds.read')
  @ApiOkResponse({ type: EmbedView })
  async get(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') id: string,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<EmbedView> {
    return withEtag(reply, await this.embeds.get(ctx, id));
  }

  /** Changes what is given; what is left out stays. With `If-Match`, only if nobody changed it since it was read. */
  @Put(':embedId')
  @Can('embeds.write')
  @ApiHeader({ name: 'If-Match', required: false, schema: { type: 'string', maxLength: 100 } })
  @ApiOkResponse({ type: EmbedView })
  async update(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') id: string,
    @Body() input: UpdateEmbedDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<EmbedView> {
    return withEtag(reply, await this.embeds.update(ctx, id, input, ifMatch));
  }

  /** Kill switch: every visitor is disconnected within a second. The embed stays open for new sessions. */
  @Post(':embedId/kill')
  @HttpCode(200)
  @Can('embeds.write')
  @ApiOkResponse({ type: EmbedView })
  async kill(@Workspace() ctx: WorkspaceContext, @UuidParam('embedId') id: string): Promise<EmbedView> {
    return toEmbedView(await this.killSwitch.kill(ctx, id));
  }

  /** The kill switch of all embeds of the workspace at once. */
  @Post('kill')
  @HttpCode(200)
  @Can('embeds.write')
  @ApiOkResponse({ type: KilledEmbedsView })
  async killAll(@Workspace() ctx: WorkspaceContext): Promise<KilledEmbedsView> {
    return { count: await this.killSwitch.killAll(ctx) };
  }

  /** No new sessions, and every live visitor is disconnected within a second. */
  @Post(':embedId/disable')
  @HttpCode(200)
  @Can('embeds.write')
  @ApiOkResponse({ type: EmbedView })
  async disable(@Workspace() ctx: WorkspaceContext, @UuidParam('embedId') id: string): Promise<EmbedView> {
    return toEmbedView(await this.embeds.disable(ctx, id));
  }

  @Post(':embedId/enable')
  @HttpCode(200)
  @Can('embeds.write')
  @ApiOkResponse({ type: EmbedView })
  async enable(@Workspace() ctx: WorkspaceContext, @UuidParam('embedId') id: string): Promise<EmbedView> {
    return toEmbedView(await this.embeds.enable(ctx, id));
  }

  /** Deletes the embed with its visitors and their conversations. */
  @Delete(':embedId')
  @HttpCode(204)
  @Can('embeds.write')
  @ApiNoContentResponse()
  delete(@Workspace() ctx: WorkspaceContext, @UuidParam('embedId') id: string): Promise<void> {
    return this.embeds.delete(ctx, id);
  }
}
