import { AcceptsFiles, Can, type HttpReply, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Get, HttpCode, Post, Query, Res, StreamableFile, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { DocumentView, toDocumentView, UploadDocumentBody } from '../documents.dto';
import { DocumentsService } from '../documents.service';
import { attachmentHeader } from '../formats/file-name';
import type { IncomingFile } from '../formats/file-identifier';
import { UploadedDocument } from '../upload/uploaded-document';
import { UploadInterceptor } from '../upload/upload.interceptor';
import {
  CompareVersionsQuery,
  NewVersionQuery,
  PublishVersionDto,
  toDiffView,
  toVersionView,
  VersionDiffView,
  VersionList,
  VersionQuery,
} from './document-versions.dto';
import { DocumentVersions } from './document-versions.service';

@ApiTags('documents')
@Controller('workspaces/:workspaceId/documents/:documentId')
export class DocumentVersionsController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly versions: DocumentVersions,
  ) {}

  /** The versions that are kept, newest first. */
  @Get('versions')
  @Can('documents.read')
  @ApiOkResponse({ type: VersionList })
  async list(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<VersionList> {
    const { document, versions } = await this.versions.list(ctx, id);
    return { items: versions.map((version) => toVersionView(version, document.liveVersion)) };
  }

  /** Takes a new file for the document. The live version goes on answering until this one is indexed. */
  @Post('versions')
  @HttpCode(202)
  @Can('documents.write')
  @AcceptsFiles()
  @UseInterceptors(UploadInterceptor)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ type: UploadDocumentBody })
  @ApiAcceptedResponse({ type: DocumentView })
  async upload(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('documentId') documentId: string,
    @Query() { publish }: NewVersionQuery,
    @UploadedDocument() file: IncomingFile,
  ): Promise<DocumentView> {
    return toDocumentView(await this.documents.upload(ctx, file, { documentId, publishes: publish }));
  }

  /** What was added and removed from one version to another, by paragraphs. */
  @Get('diff')
  @Can('documents.read')
  @ApiOkResponse({ type: VersionDiffView })
  async compare(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('documentId') id: string,
    @Query() query: CompareVersionsQuery,
  ): Promise<VersionDiffView> {
    return toDiffView(await this.versions.compare(ctx, id, query));
  }

  /** Answers come from this version from now on, newer or older. */
  @Post('publish')
  @HttpCode(200)
  @Can('documents.write')
  @ApiOkResponse({ type: DocumentView })
  async publish(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('documentId') id: string,
    @Body() input: PublishVersionDto,
  ): Promise<DocumentView> {
    return toDocumentView(await this.versions.publish(ctx, id, input.version));
  }

  /** Answers come from the version before the live one again, at once. */
  @Post('rollback')
  @HttpCode(200)
  @Can('documents.write')
  @ApiOkResponse({ type: DocumentView })
  async rollBack(@Workspace() ctx: WorkspaceContext, @UuidParam('documentId') id: string): Promise<DocumentView> {
    return toDocumentView(await this.versions.rollBack(ctx, id));
  }

  /** The file as it was uploaded, always as a download and never shown in place. */
  @Get('content')
  @Can('documents.read')
  @ApiProduces('application/octet-stream')
  async download(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('documentId') id: string,
    @Query() query: VersionQuery,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<StreamableFile> {
    const { version, bytes } = await this.versions.download(ctx, id, query.version);
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    reply.header('x-content-type-options', 'nosniff');
    return new StreamableFile(bytes, {
      type: version.mediaType,
      disposition: attachmentHeader(version.fileName),
      length: bytes.length,
    });
  }
}
