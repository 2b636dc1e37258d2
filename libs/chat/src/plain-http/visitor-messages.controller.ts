import type { ConversationSync } from '@app/chat-protocol';
import { ForVisitors, type HttpReply, Public, Visitor, type VisitorCaller, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, Get, Headers, HttpCode, Options, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { MessageSendDto } from '../gateway/chat-events.dto';
import { VisitorHttp } from './visitor-http';
import { ConversationQuery, ConversationSyncView } from './visitor-messages.dto';

const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** The chat over plain HTTP, for networks that let no socket through. The same guard, limits and shapes as `/chat`. */
@ApiTags('embed')
@Controller('embed')
export class VisitorMessagesController {
  constructor(private readonly chat: VisitorHttp) {}

  /**
   * Sends a message and streams its answer: `message-accepted`, then the socket's events. Send the same
   * `clientMessageId` again with `Last-Event-ID` to go on where a lost connection stopped.
   */
  @Post('messages')
  @ForVisitors()
  @HttpCode(200)
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string', maxLength: 1_000_000 } })
  async send(
    @Workspace() ctx: WorkspaceContext,
    @Visitor() visitor: VisitorCaller,
    @Body() payload: MessageSendDto,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<StreamableFile> {
    const events = await this.chat.send(ctx, visitor, { payload, lastEventId });
    return new StreamableFile(events, { type: 'text/event-stream; charset=utf-8' });
  }

  /** What was said after a message, and the answer being written. */
  @Get('conversation')
  @ForVisitors()
  @ApiOkResponse({ type: ConversationSyncView })
  read(
    @Workspace() ctx: WorkspaceContext,
    @Visitor() visitor: VisitorCaller,
    @Query() { afterSeq }: ConversationQuery,
  ): Promise<ConversationSync> {
    return this.chat.read(ctx, visitor, afterSeq);
  }

  /** The token decides, and a preflight has none: every page may ask, and hears nothing of any embed. */
  @Options(['messages', 'conversation'])
  @Public()
  @HttpCode(204)
  @ApiExcludeEndpoint()
  preflight(@Res({ passthrough: true }) reply: HttpReply): void {
    reply.headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, last-event-id',
      'access-control-max-age': String(PREFLIGHT_MAX_AGE_SECONDS),
    });
  }
}
