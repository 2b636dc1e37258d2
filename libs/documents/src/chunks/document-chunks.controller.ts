import { Can, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DocumentChunksPage } from './document-chunks.dto';
import { DocumentChunks } from './document-chunks.service';

@ApiTags('documents')
@Controller('workspaces/:workspaceId/documents/:documentId/chunks')
export class DocumentChunksController {
  constructor(private readonly chunks: DocumentChunks) {}

  /** The passages a document was cut into, in its order: what answers can quote. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: DocumentChunksPage })
  list(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('documentId') id: string,
    @Query() query: PageQuery,
  ): Promise<DocumentChunksPage> {
    return this.chunks.list(ctx, id, query);
  }
}
