import { Can, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { DocumentsPage, DocumentView, toDocumentSummary, toDocumentView } from '../documents.dto';
import { Quarantine } from './quarantine.service';

@ApiTags('quarantine')
@Controller('workspaces/:workspaceId/quarantine')
export class QuarantineController {
  constructor(private readonly quarantine: Quarantine) {}

  /** Documents whose newest version was held back, newest first; `findings` says why. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: DocumentsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<DocumentsPage> {
    const { items, nextCursor } = await this.quarantine.list(ctx, query);
    return { items: items.map(toDocumentSummary), nextCursor };
  }

  /** Lets a document go on that was held back wrongly. */
  @Post(':documentId/release')
  @HttpCode(202)
  @Can('quarantine.manage')
  @ApiAcceptedResponse({ type: DocumentView })
  async release(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<DocumentView> {
    return toDocumentView(await this.quarantine.release(ctx, id));
  }

  /** Scans all versions of a document again, in quarantine or not: what is found infected stops being answered from. */
  @Post(':documentId/rescan')
  @HttpCode(202)
  @Can('quarantine.manage')
  @ApiAcceptedResponse({ type: DocumentView })
  async rescan(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<DocumentView> {
    return toDocumentView(await this.quarantine.rescan(ctx, id));
  }
}
