import { Can, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { OriginTestView, SnippetTestView, TestOriginDto, TestSnippetDto } from './embed-checks.dto';
import { EmbedChecks } from './embed-checks.service';

@ApiTags('embeds')
@Controller('workspaces/:workspaceId/embeds/:embedId')
export class EmbedChecksController {
  constructor(private readonly checks: EmbedChecks) {}

  /** Whether a site may use the embed now, and why. */
  @Post('origin-test')
  @HttpCode(200)
  @Can('embeds.write')
  @ApiOkResponse({ type: OriginTestView })
  async testOrigin(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @Body() { origin }: TestOriginDto,
  ): Promise<OriginTestView> {
    const { isAllowed, matchedRule, reasons } = await this.checks.testOrigin(ctx, embedId, origin);
    return { isAllowed, matchedRule, reasons: [...reasons] };
  }

  /** What keeps the widget away from a page whose HTML is pasted here. Nothing is fetched. */
  @Post('snippet-test')
  @HttpCode(200)
  @Can('embeds.write')
  @ApiOkResponse({ type: SnippetTestView })
  async testSnippet(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('embedId') embedId: string,
    @Body() { html }: TestSnippetDto,
  ): Promise<SnippetTestView> {
    const findings = await this.checks.testSnippet(ctx, embedId, html);
    return { isFine: findings.every(({ severity }) => severity === 'warning'), findings };
  }
}
