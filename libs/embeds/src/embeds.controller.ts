import { Can, Idempotent, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CreatedEmbedView, CreateEmbedDto, EmbedsPage, EmbedView, toEmbedView, UpdateEmbedDto } from './embeds.dto';
import { EmbedsService } from './embeds.service';

@ApiTags('embeds')
@Controller('workspaces/:workspaceId/embeds')
export class EmbedsController {
  constructor(private readonly embeds: EmbedsService) {}

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
  async get(@Workspace() ctx: WorkspaceContext, @UuidParam('embedId') id: string): Promise<EmbedView> {
    return toEmbedView(await this.embeds.get(ctx, id));
  }

  /** Changes what is given; what is left out stays. */
  @Put(':embedId')
  @Can('embeds.write')
  @ApiOkResponse({ type: EmbedView })
  async update(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') id: string,
    @Body() input: UpdateEmbedDto,
  ): Promise<EmbedView> {
    return toEmbedView(await this.embeds.update(ctx, id, input));
  }

  /** Kill switch: no new sessions, and every live visitor is disconnected within a second. */
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
