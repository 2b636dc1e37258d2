import { Can, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ChangeKnowledgePolicyDto, KnowledgePolicyView } from './knowledge-policy.dto';
import { KnowledgePolicy } from './knowledge-policy.service';

@ApiTags('quarantine')
@Controller('workspaces/:workspaceId/knowledge-policy')
export class KnowledgePolicyController {
  constructor(private readonly policy: KnowledgePolicy) {}

  /** What is done with documents in which the inspection finds something. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: KnowledgePolicyView })
  get(@Workspace() ctx: WorkspaceContext): Promise<KnowledgePolicyView> {
    return this.policy.get(ctx);
  }

  /** Decides for documents that are read from now on. */
  @Put()
  @Can('quarantine.manage')
  @ApiOkResponse({ type: KnowledgePolicyView })
  change(@Workspace() ctx: WorkspaceContext, @Body() input: ChangeKnowledgePolicyDto): Promise<KnowledgePolicyView> {
    return this.policy.change(ctx, input);
  }
}
