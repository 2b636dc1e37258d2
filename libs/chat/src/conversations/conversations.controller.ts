import { Can, PageQuery, UuidParam, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ConversationsPage, MessagesPage, toConversationView } from './conversations.dto';
import { ConversationsService } from './conversations.service';

@ApiTags('conversations')
@Controller('workspaces/:workspaceId/conversations')
export class ConversationsController {
  constructor(private readonly conversations: ConversationsService) {}

  /** The workspace's conversations, newest first. */
  @Get()
  @Can('conversations.read')
  @ApiOkResponse({ type: ConversationsPage })
  async list(@Workspace() ctx: WorkspaceContext, @Query() query: PageQuery): Promise<ConversationsPage> {
    const { items, nextCursor } = await this.conversations.list(ctx, query);
    return { items: items.map(toConversationView), nextCursor };
  }

  /** What was said in one conversation, in order. */
  @Get(':conversationId/messages')
  @Can('conversations.read')
  @ApiOkResponse({ type: MessagesPage })
  messages(
    @Workspace() ctx: WorkspaceContext,
    @UuidParam('conversationId') id: string,
    @Query() query: PageQuery,
  ): Promise<MessagesPage> {
    return this.conversations.messages(ctx, id, query);
  }
}
