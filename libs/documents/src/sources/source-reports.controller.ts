import { Can, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  ChangesQuery,
  SourceChangesPage,
  SourcePagesPage,
  SourcePagesQuery,
  SourceRunsPage,
  toChangeView,
  toPageView,
  toRunView,
} from './source-reports.dto';
import { SourceReports } from './source-reports.service';

@ApiTags('sources')
@Controller('workspaces/:workspaceId/sources/:sourceId')
export class SourceReportsController {
  constructor(private readonly reports: SourceReports) {}

  /** The syncs of the source, newest first; the last fifty are kept. */
  @Get('runs')
  @Can('documents.read')
  @ApiOkResponse({ type: SourceRunsPage })
  async runs(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('sourceId') id: string,
    @Query() query: PageQuery,
  ): Promise<SourceRunsPage> {
    const { items, nextCursor } = await this.reports.runs(ctx, id, query);
    return { items: items.map(toRunView), nextCursor };
  }

  /** What a sync changed: pages added, changed, back, removed, dead links with the page that has them, and failures. */
  @Get('changes')
  @Can('documents.read')
  @ApiOkResponse({ type: SourceChangesPage })
  async changes(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('sourceId') id: string,
    @Query() query: ChangesQuery,
  ): Promise<SourceChangesPage> {
    const { items, nextCursor } = await this.reports.changes(ctx, id, query);
    return { items: items.map(toChangeView), nextCursor };
  }

  /** The pages that are known of the source; with `state=gone` its dead links. */
  @Get('pages')
  @Can('documents.read')
  @ApiOkResponse({ type: SourcePagesPage })
  async pages(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('sourceId') id: string,
    @Query() query: SourcePagesQuery,
  ): Promise<SourcePagesPage> {
    const { items, nextCursor } = await this.reports.pages(ctx, id, query);
    return { items: items.map(toPageView), nextCursor };
  }
}
