import type { ChatMessage } from '@app/chat-protocol';
import { Injectable } from '@nestjs/common';
import type { InboxNamespace } from './agent-socket';

/** Where the server speaks to the people of a workspace who watch its conversations. */
@Injectable()
export class InboxRooms {
  private namespace: InboxNamespace | undefined;

  /** The gateway hands over the namespace when sockets are ready. */
  attach(namespace: InboxNamespace): void {
    this.namespace = namespace;
  }

  /** To everybody in the workspace's inbox, on all nodes. Who is not there reads it over REST later. */
  tellMessage(workspaceId: string, conversationId: string, message: ChatMessage): void {
    this.namespace?.to(workspaceRoom(workspaceId)).emit('message-added', { conversationId, message });
  }
}

export const workspaceRoom = (workspaceId: string): string => `workspace:${workspaceId}`;
