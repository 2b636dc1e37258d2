import { Can, type HttpReply, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { KnowledgeExport } from './knowledge-export.service';

@ApiTags('bulk uploads')
@Controller('workspaces/:workspaceId/knowledge-export')
export class KnowledgeExportController {
  constructor(private readonly exports: KnowledgeExport) {}

  /**
   * The original files of all documents that answers come from, and the snippets, as one ZIP with `customercare.json` in it.
   * Sent as a bulk upload to another workspace it gives the same knowledge there.
   */
  @Get()
  @Can('documents.read')
  @ApiProduces('application/zip')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(
    @Workspace() ctx: WorkspaceContext,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<StreamableFile> {
    const archive = await this.exports.open(ctx);
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    reply.header('x-content-type-options', 'nosniff');
    return new StreamableFile(archive, {
      type: 'application/zip',
      disposition: 'attachment; filename="knowledge.zip"',
    });
  }
}
