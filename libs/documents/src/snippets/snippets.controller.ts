import { Can, type HttpReply, Idempotent, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, Headers, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { SnippetState } from './find-snippet';
import { etagOf } from './snippet-etag';
import { CreateSnippetDto, SnippetsPage, SnippetView, toSnippetView, UpdateSnippetDto } from './snippets.dto';
import { Snippets } from './snippets.service';

const withEtag = (reply: HttpReply, state: SnippetState): SnippetView => {
  void reply.header('etag', etagOf(state.snippet));
  return toSnippetView(state);
};

@ApiTags('snippets')
@Controller('workspaces/:workspaceId/snippets')
export class SnippetsController {
  constructor(private readonly snippets: Snippets) {}

  /** A question with its answer: found like a document, and given word for word when it is canned. */
  @Post()
  @Can('documents.write')
  @Idempotent()
  @ApiCreatedResponse({ type: SnippetView })
  async create(@Workspace() ctx: WorkspaceContext, @Body() input: CreateSnippetDto): Promise<SnippetView> {
    return toSnippetView(await this.snippets.create(ctx, input));
  }

  /** The snippets of the workspace, newest first. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: SnippetsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<SnippetsPage> {
    const { items, nextCursor } = await this.snippets.list(ctx, query);
    return { items: items.map(toSnippetView), nextCursor };
  }

  @Get(':snippetId')
  @Can('documents.read')
  @ApiOkResponse({ type: SnippetView })
  async get(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('snippetId') id: string,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<SnippetView> {
    return withEtag(reply, await this.snippets.get(ctx, id));
  }

  /** Changes what is given; what is left out stays. With `If-Match`, only if nobody changed it since it was read. */
  @Put(':snippetId')
  @Can('documents.write')
  @ApiHeader({ name: 'If-Match', required: false, schema: { type: 'string', maxLength: 100 } })
  @ApiOkResponse({ type: SnippetView })
  async update(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('snippetId') id: string,
    @Body() input: UpdateSnippetDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<SnippetView> {
    return withEtag(reply, await this.snippets.update(ctx, id, input, ifMatch));
  }

  /** Answers stop using it at once. */
  @Delete(':snippetId')
  @HttpCode(204)
  @Can('documents.write')
  @ApiNoContentResponse()
  remove(@Workspace() ctx: WorkspaceContext, @UuidParam('snippetId') id: string): Promise<void> {
    return this.snippets.remove(ctx, id);
  }
}
