import { Can, Idempotent, PageQuery, StepUp, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { EmbedKeysPage, RotatedEmbedKeyView, RotateEmbedKeyDto, toEmbedKeyView } from './embed-keys.dto';
import { EmbedKeys } from './embed-keys.service';

@ApiTags('embeds')
@Controller('workspaces/:workspaceId/embeds/:embedId/keys')
export class EmbedKeysController {
  constructor(private readonly keys: EmbedKeys) {}

  /** A new key for the embed; the answer is the only one that holds it. The old one works for the overlap. */
  @Post('rotate')
  @Can('embeds.write')
  @StepUp()
  @Idempotent()
  @ApiCreatedResponse({ type: RotatedEmbedKeyView })
  async rotate(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @Body() input: RotateEmbedKeyDto,
  ): Promise<RotatedEmbedKeyView> {
    const { key, ...issued } = await this.keys.rotate(ctx, embedId, input.overlapSeconds);
    return { key: toEmbedKeyView(key), ...issued };
  }

  /** The keys of the embed, newest first, and where each was last seen. */
  @Get()
  @Can('embeds.read')
  @ApiOkResponse({ type: EmbedKeysPage })
  async list(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @Query() query: PageQuery,
  ): Promise<EmbedKeysPage> {
    const { items, nextCursor } = await this.keys.list(ctx, embedId, query);
    return { items: items.map(toEmbedKeyView), nextCursor };
  }

  /** Ends the overlap of a replaced key now. */
  @Delete(':embedKeyId')
  @Can('embeds.write')
  @HttpCode(204)
  @ApiNoContentResponse()
  revoke(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @UuidParam('embedKeyId') embedKeyId: string,
  ): Promise<void> {
    return this.keys.revoke(ctx, embedId, embedKeyId);
  }
}
