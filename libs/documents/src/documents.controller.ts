import { AcceptsFiles, Can, type HttpReply, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import {
  Controller,
  Delete,
  Get,
  HttpCode,
  type MessageEvent,
  Post,
  Query,
  Res,
  Sse,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { DocumentEvents } from './document-events';
import { DocumentsPage, DocumentView, toDocumentSummary, toDocumentView, UploadDocumentBody } from './documents.dto';
import { DocumentsService } from './documents.service';
import type { IncomingFile } from './formats/file-identifier';
import { UploadedDocument } from './upload/uploaded-document';
import { UploadInterceptor } from './upload/upload.interceptor';

@ApiTags('documents')
@Controller('workspaces/:workspaceId/documents')
export class DocumentsController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly events: DocumentEvents,
  ) {}

  /** Takes one file. It is checked at once; reading it goes on after the answer, see its `events`. */
  @Post()
  @HttpCode(202)
  @Can('documents.write')
  @AcceptsFiles()
  @UseInterceptors(UploadInterceptor)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: UploadDocumentBody })
  @ApiAcceptedResponse({ type: DocumentView, headers: { Location: { schema: { type: 'string' } } } })
  async upload(
    @Workspace() ctx: WorkspaceContext,
    @UploadedDocument() file: IncomingFile,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<DocumentView> {
    const uploaded = await this.documents.upload(ctx, file);
    reply.header('location', `/v1/workspaces/${ctx.workspaceId}/documents/${uploaded.document.id}`);
    return toDocumentView(uploaded);
  }

  /** The documents of the workspace, newest first. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: DocumentsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<DocumentsPage> {
    const { items, nextCursor } = await this.documents.list(ctx, query);
    return { items: items.map(toDocumentSummary), nextCursor };
  }

  @Get(':documentId')
  @Can('documents.read')
  @ApiOkResponse({ type: DocumentView })
  async get(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<DocumentView> {
    return toDocumentView(await this.documents.get(ctx, id));
  }

  /** Deletes the document with all its versions, their passages and files. */
  @Delete(':documentId')
  @HttpCode(204)
  @Can('documents.write')
  @ApiNoContentResponse()
  async remove(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<void> {
    await this.documents.remove(ctx, id);
  }

  /** Starts a failed document again. */
  @Post(':documentId/retry')
  @HttpCode(202)
  @Can('documents.write')
  @ApiAcceptedResponse({ type: DocumentView })
  async retry(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<DocumentView> {
    return toDocumentView(await this.documents.retry(ctx, id));
  }

  /** Ends the reading of a document that is not wanted any more, or takes too long. It may be retried later. */
  @Post(':documentId/cancel')
  @HttpCode(200)
  @Can('documents.write')
  @ApiOkResponse({ type: DocumentView })
  async cancel(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<DocumentView> {
    return toDocumentView(await this.documents.cancel(ctx, id));
  }

  /** Server-sent events: `progress` with a document view at each change, `end` when it is indexed, in quarantine or has failed. */
  @Sse(':documentId/events')
  @Can('documents.read')
  follow(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<Observable<MessageEvent>> {
    return this.events.follow(ctx, id);
  }
}
