import { AcceptsFiles, Can, type HttpReply, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, HttpCode, type MessageEvent, Post, Query, Res, Sse, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import type { IncomingFile } from '../formats/file-identifier';
import { UploadedDocument } from '../upload/uploaded-document';
import { ArchiveInterceptor } from './archive.interceptor';
import { BulkUploadEvents } from './bulk-upload-events';
import { BulkUploadFiles } from './bulk-upload-files.service';
import {
  BulkUploadFilesPage,
  BulkUploadFilesQuery,
  BulkUploadsPage,
  BulkUploadView,
  toBulkUploadFileView,
  toBulkUploadView,
  UploadArchiveBody,
} from './bulk-uploads.dto';
import { BulkUploads } from './bulk-uploads.service';

@ApiTags('bulk uploads')
@Controller('workspaces/:workspaceId/bulk-uploads')
export class BulkUploadsController {
  constructor(
    private readonly uploads: BulkUploads,
    private readonly files: BulkUploadFiles,
    private readonly events: BulkUploadEvents,
  ) {}

  /** Takes one ZIP of many files, or an export of another workspace. Its files become documents after the answer. */
  @Post()
  @HttpCode(202)
  @Can('documents.write')
  @AcceptsFiles()
  @UseInterceptors(ArchiveInterceptor)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: UploadArchiveBody })
  @ApiAcceptedResponse({ type: BulkUploadView, headers: { Location: { schema: { type: 'string' } } } })
  async upload(
    @Workspace() ctx: WorkspaceContext,
    @UploadedDocument() archive: IncomingFile,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<BulkUploadView> {
    const uploaded = await this.uploads.upload(ctx, archive);
    reply.header('location', `/v1/workspaces/${ctx.workspaceId}/bulk-uploads/${uploaded.upload.id}`);
    return toBulkUploadView(uploaded);
  }

  /** The archives that were sent, newest first. */
  @Get()
  @Can('documents.read')
  @ApiOkResponse({ type: BulkUploadsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<BulkUploadsPage> {
    const { items, nextCursor } = await this.uploads.list(ctx, query);
    return { items: items.map(toBulkUploadView), nextCursor };
  }

  @Get(':bulkUploadId')
  @Can('documents.read')
  @ApiOkResponse({ type: BulkUploadView })
  async get(@Workspace() ctx: WorkspaceContext, @UuidParam('bulkUploadId') id: string): Promise<BulkUploadView> {
    return toBulkUploadView(await this.uploads.get(ctx, id));
  }

  /** What became of each file, in the order of the archive, and behind them of each snippet of an export. */
  @Get(':bulkUploadId/files')
  @Can('documents.read')
  @ApiOkResponse({ type: BulkUploadFilesPage })
  async listFiles(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('bulkUploadId') id: string,
    @Query() query: BulkUploadFilesQuery,
  ): Promise<BulkUploadFilesPage> {
    const { items, nextCursor } = await this.files.list(ctx, id, query);
    return { items: items.map(toBulkUploadFileView), nextCursor };
  }

  /** Takes no more of it. Documents and snippets that were made before go on, like any others. */
  @Post(':bulkUploadId/cancel')
  @HttpCode(200)
  @Can('documents.write')
  @ApiOkResponse({ type: BulkUploadView })
  async cancel(@Workspace() ctx: WorkspaceContext, @UuidParam('bulkUploadId') id: string): Promise<BulkUploadView> {
    return toBulkUploadView(await this.uploads.cancel(ctx, id));
  }

  /** Server-sent events: `progress` with a bulk upload view at each change, `end` when nothing of it is worked on any more. */
  @Sse(':bulkUploadId/events')
  @Can('documents.read')
  follow(@Workspace() ctx: WorkspaceContext, @UuidParam('bulkUploadId') id: string): Promise<Observable<MessageEvent>> {
    return this.events.follow(ctx, id);
  }
}
