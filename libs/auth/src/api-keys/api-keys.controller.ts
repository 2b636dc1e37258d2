import { Can, Idempotent, PageQuery, StepUp, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';

import { ApiKeysPage, CreateApiKeyDto, CreatedApiKeyView, toApiKeyView, toCreatedApiKeyView } from './api-keys.dto';
import { ApiKeys } from './api-keys.service';

@ApiTags('api keys')
@Controller('workspaces/:workspaceId/api-keys')
export class ApiKeysController {
  constructor(private readonly apiKeys: ApiKeys) {}

  /** A key for a program, good for this workspace and the named permissions. The answer shows it once. */
  @Post()
  @Can('api-keys.manage')
  @StepUp()
  @Idempotent()
  @ApiCreatedResponse({ type: CreatedApiKeyView })
  async create(@Workspace() ctx: WorkspaceContext, @Body() input: CreateApiKeyDto): Promise<CreatedApiKeyView> {
    return toCreatedApiKeyView(await this.apiKeys.create(ctx, input));
  }

  @Get()
  @Can('api-keys.manage')
  @ApiOkResponse({ type: ApiKeysPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<ApiKeysPage> {
    const { items, nextCursor } = await this.apiKeys.list(ctx, query);
    return { items: items.map(toApiKeyView), nextCursor };
  }

  /** Revoke a key. It is refused from its next request on. */
  @Delete(':apiKeyId')
  @Can('api-keys.manage')
  @HttpCode(204)
  @ApiNoContentResponse()
  revoke(@Workspace() ctx: WorkspaceContext, @UuidParam('apiKeyId') apiKeyId: string): Promise<void> {
    return this.apiKeys.revoke(ctx, apiKeyId);
  }
}
