import { Can, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { toUsageReportView, UsageReportView } from './usage-report.dto';
import { UsageReportService } from './usage-report.service';

@ApiTags('usage')
@Controller('workspaces/:workspaceId/usage')
export class UsageReportController {
  constructor(private readonly report: UsageReportService) {}

  /** What models were used and what they cost, today and this month, in all and by embed. */
  @Get()
  @Can('embeds.read')
  @ApiOkResponse({ type: UsageReportView })
  async read(@Workspace() ctx: WorkspaceContext): Promise<UsageReportView> {
    return toUsageReportView(await this.report.read(ctx));
  }
}
