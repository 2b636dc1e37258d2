import { Can, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Disclosures } from './disclosures';
import { DisclosuresPage, DisclosuresQuery, toDisclosureView } from './disclosures.dto';

@ApiTags('embeds')
@Controller('workspaces/:workspaceId/embeds/:embedId/disclosures')
export class DisclosuresController {
  constructor(private readonly disclosures: Disclosures) {}

  /** Which text about the assistant which visitor was shown and accepted, newest first. */
  @Get()
  @Can('embeds.read')
  @ApiOkResponse({ type: DisclosuresPage })
  async list(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @Query() query: DisclosuresQuery,
  ): Promise<DisclosuresPage> {
    const { items, nextCursor } = await this.disclosures.list(ctx, embedId, query);
    return { items: items.map(toDisclosureView), nextCursor };
  }
}
