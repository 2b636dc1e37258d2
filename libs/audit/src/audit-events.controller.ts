import { Can, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AuditEventsPage, AuditEventsQuery, toAuditEventView } from './audit-events.dto';
import { AuditEventsService } from './audit-events.service';

@ApiTags('audit')
@Controller('workspaces/:workspaceId/audit-events')
export class AuditEventsController {
  constructor(private readonly events: AuditEventsService) {}

  /** The workspace's audit trail, newest first. */
  @Get()
  @Can('audit.read')
  @ApiOkResponse({ type: AuditEventsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: AuditEventsQuery): Promise<AuditEventsPage> {
    const { items, nextCursor } = await this.events.list(ctx, query);
    return { items: items.map(toAuditEventView), nextCursor };
  }
}
