import { Can, type HttpReply, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, type MessageEvent, Post, Put, Query, Res, Sse } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { SourceEvents } from './source-events';
import { SourceRemoval } from './source-removal.service';
import {
  CreateSourceDto,
  DeleteSourceQuery,
  SourcesPage,
  SourceView,
  toSourceView,
  UpdateSourceDto,
} from './sources.dto';
import { SourcesService } from './sources.service';

@ApiTags('sources')
@Controller('workspaces/:workspaceId/sources')
export class SourcesController {
  constructor(
    private readonly sources: SourcesService,
    private readonly removal: SourceRemoval,
    private readonly events: SourceEvents,
  ) {}

  /**
   * Adds a web page, a sitemap or a site to crawl, and starts to read it. Only the public internet is read, robots.txt is
   * obeyed, and a site gets one request at a time.
   */
  @Post()
  @HttpCode(202)
  @Can('documents.write')
  @ApiAcceptedResponse({ type: SourceView, headers: { Location: { schema: { type: 'string' } } } })
  async create(
    @Workspace() ctx: WorkspaceContext,
    @Body() input: CreateSourceDto,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<SourceView> {
    const created = await this.sources.create(ctx, input);
    reply.header('location', `/v1/workspaces/${ctx.workspaceId}/sources/${created.source.id}`);
    return toSourceView(created);
  }

  /** The sources of the workspace, newest first. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: SourcesPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<SourcesPage> {
    const { items, nextCursor } = await this.sources.list(ctx, query);
    return { items: items.map(toSourceView), nextCursor };
  }

  /** A source with its newest sync, whose counts grow while it is running. */
  @Get(':sourceId')
  @Can('documents.read')
  @ApiOkResponse({ type: SourceView })
  async get(@Workspace() ctx: WorkspaceContext, @UuidParam('sourceId') id: string): Promise<SourceView> {
    return toSourceView(await this.sources.get(ctx, id));
  }

  /** Changes title, schedule and bounds; what is left out stays. */
  @Put(':sourceId')
  @Can('documents.write')
  @ApiOkResponse({ type: SourceView })
  async update(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('sourceId') id: string,
    @Body() input: UpdateSourceDto,
  ): Promise<SourceView> {
    return toSourceView(await this.sources.update(ctx, id, input));
  }

  /** Deletes the source and, unless they shall be kept, the documents that were made of it. */
  @Delete(':sourceId')
  @HttpCode(204)
  @Can('documents.write')
  @ApiNoContentResponse()
  async remove(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('sourceId') id: string,
    @Query() { documents }: DeleteSourceQuery,
  ): Promise<void> {
    await this.removal.remove(ctx, id, documents);
  }

  /** Reads the source again, now. */
  @Post(':sourceId/sync')
  @HttpCode(202)
  @Can('documents.write')
  @ApiAcceptedResponse({ type: SourceView })
  async sync(@Workspace() ctx: WorkspaceContext, @UuidParam('sourceId') id: string): Promise<SourceView> {
    return toSourceView(await this.sources.sync(ctx, id));
  }

  /** Ends the sync that is running. What it has read stays. */
  @Post(':sourceId/cancel')
  @HttpCode(200)
  @Can('documents.write')
  @ApiOkResponse({ type: SourceView })
  async cancel(@Workspace() ctx: WorkspaceContext, @UuidParam('sourceId') id: string): Promise<SourceView> {
    return toSourceView(await this.sources.cancel(ctx, id));
  }

  /** Server-sent events: `progress` with a source view at each change, `end` when no sync of it is running. */
  @Sse(':sourceId/events')
  @Can('documents.read')
  follow(@Workspace() ctx: WorkspaceContext, @UuidParam('sourceId') id: string): Promise<Observable<MessageEvent>> {
    return this.events.follow(ctx, id);
  }
}
