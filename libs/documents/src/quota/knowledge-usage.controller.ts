import { Can, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DocumentQuota } from './document-quota';
import { KnowledgeUsageView, toUsageView } from './knowledge-usage.dto';

@ApiTags('documents')
@Controller('workspaces/:workspaceId/knowledge-usage')
export class KnowledgeUsageController {
  constructor(private readonly quota: DocumentQuota) {}

  /** What the workspace keeps, and how much it may keep. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: KnowledgeUsageView })
  async get(@Workspace() ctx: WorkspaceContext): Promise<KnowledgeUsageView> {
    return toUsageView(await this.quota.used(ctx), this.quota.limits);
  }
}
