import type { InboxClientEvents } from '@app/chat-protocol';
import { Injectable, type Type } from '@nestjs/common';
import { toConversationView } from '../conversations/conversations.dto';
import { ConversationsService } from '../conversations/conversations.service';
import type { AgentSocket } from './agent-socket';
import { AccessTokenRenewDto, ConversationListDto } from './inbox-events.dto';
import { InboxSessions } from './inbox-sessions';

/** One event of somebody who is signed in. */
interface InboxCall<P> {
  readonly socket: AgentSocket;
  readonly requestId: string;
  readonly payload: P;
}

interface InboxHandler<P extends object> {
  readonly dto: Type<P>;
  handle(call: InboxCall<P>): Promise<object>;
}

type Handlers = {
  [E in keyof InboxClientEvents]: InboxHandler<InboxClientEvents[E]['payload']> & {
    handle(call: InboxCall<InboxClientEvents[E]['payload']>): Promise<InboxClientEvents[E]['ack']>;
  };
};

/** What each event of the inbox does. Payloads are validated and the session is checked before these run. */
@Injectable()
export class InboxEvents {
  private readonly handlers: Handlers;

  constructor(conversations: ConversationsService, sessions: InboxSessions) {
    this.handlers = {
      'conversation-list': {
        dto: ConversationListDto,
        handle: async ({ socket: { data }, requestId, payload: { limit, cursor } }) => {
          // The DTO has set the limit that was left out.
          const page = await conversations.list({ ...data.ctx, requestId }, { limit: Number(limit), cursor });
          return { items: page.items.map(toConversationView), nextCursor: page.nextCursor };
        },
      },
      'token-renew': {
        dto: AccessTokenRenewDto,
        handle: async ({ socket, payload }) => ({
          expiresAt: (await sessions.renew(socket, payload.token)).toISOString(),
        }),
      },
    };
  }

  /** Undefined for everything that is not an event of the inbox, inherited names included. */
  find(event: unknown): InboxHandler<object> | undefined {
    if (typeof event !== 'string' || !Object.hasOwn(this.handlers, event)) return undefined;
    // The dispatcher validates against `dto` before it calls `handle`, which ties the two types together.
    return this.handlers[event as keyof InboxClientEvents];
  }
}
