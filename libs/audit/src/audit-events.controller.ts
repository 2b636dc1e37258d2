import { Can, type HttpReply, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { AuditEventsPage, AuditEventsQuery, AuditExportQuery, toAuditEventView } from './audit-events.dto';
import { AuditEventsService } from './audit-events.service';
import { AuditExport } from './export/audit-export.service';

const MEDIA_TYPES = { ndjson: 'application/x-ndjson', csv: 'text/csv; charset=utf-8' } as const;

@ApiTags('audit')
@Controller('workspaces/:workspaceId/audit-events')
export class AuditEventsController {
  constructor(
    private readonly events: AuditEventsService,
    private readonly exports: AuditExport,
  ) {}

  /** The workspace's audit trail, newest first. */
  @Get()
  @Can('audit.read')
  @ApiOkResponse({ type: AuditEventsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: AuditEventsQuery): Promise<AuditEventsPage> {
    const { items, nextCursor } = await this.events.list(ctx, query);
    return { items: items.map(toAuditEventView), nextCursor };
  }

  /** The whole trail or what the filters leave of it, oldest first, as a file; `audit.exported` is its last event. */
  @Get('export')
  @Can('audit.read')
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(
    @Workspace() ctx: WorkspaceContext,
    @Query() { format, ...filter }: AuditExportQuery,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<StreamableFile> {
    const lines = await this.exports.open(ctx, format, filter);
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    reply.header('x-content-type-options', 'nosniff');
    return new StreamableFile(lines, {
      type: MEDIA_TYPES[format],
      disposition: `attachment; filename="audit-events.${format}"`,
    });
  }
}
