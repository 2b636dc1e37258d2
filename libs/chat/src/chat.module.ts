import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { AnswerBudget } from './answers/answer-budget';
import { AnswerComposer } from './answers/answer-composer';
import { AnswerRunner } from './answers/answer.runner';
import { AnswerStore } from './answers/answer-store';
import { AnswerSweeper } from './answers/answer-sweeper';
import { ConversationTurns } from './answers/conversation-turns';
import { RunningAnswers } from './answers/running-answers';
import { ChatOptions } from './chat-options';
import { ConversationsController } from './conversations/conversations.controller';
import { ConversationsService } from './conversations/conversations.service';
import { QuestionStore } from './conversations/question-store';
import { SealedMessages } from './conversations/sealed-messages';
import { VisitorConversation } from './conversations/visitor-conversation';
import { ChatEvents } from './gateway/chat-events';
import { ChatGateway } from './gateway/chat.gateway';
import { Consent } from './gateway/consent';
import { EventDispatcher } from './gateway/event-dispatcher';
import { Handshake } from './gateway/handshake';
import { MessageLimits } from './gateway/message-limits';
import { MessageSender } from './gateway/message-sender.service';
import { SocketSessions } from './gateway/socket-sessions';
import { VisitorRooms } from './gateway/visitor-rooms';
import { VisitorStreams } from './gateway/visitor-streams';
import { InboxAccess } from './inbox/inbox-access';
import { InboxDispatcher } from './inbox/inbox-dispatcher';
import { InboxEvents } from './inbox/inbox-events';
import { InboxGateway } from './inbox/inbox.gateway';
import { InboxHandshake } from './inbox/inbox-handshake';
import { InboxRooms } from './inbox/inbox-rooms';
import { InboxSessions } from './inbox/inbox-sessions';
import { MessageStreams } from './plain-http/message-streams';
import { VisitorHttp } from './plain-http/visitor-http';
import { VisitorRequestMiddleware } from './plain-http/visitor-request.middleware';
import { VisitorMessagesController } from './plain-http/visitor-messages.controller';
import { ArrivingSockets } from './sockets/arriving-sockets';
import { ConnectionSlots } from './sockets/connection-slots';
import { EventAnswers } from './sockets/event-answers';

/**
 * Needs, as global modules: database, cache, audit, embeds and their usage, `AnswerProvider`, `PassageSearch`, a `Clock`,
 * and what implements `ConnectionAuthenticator` and `WorkspaceAccess`; and
 * `app.useWebSocketAdapter(new SecureSocketAdapter(app, …))` before the application is initialised.
 */
@Module({})
export class ChatModule implements NestModule {
  static forRoot(options: ChatOptions): DynamicModule {
    return {
      module: ChatModule,
      controllers: [ConversationsController, VisitorMessagesController],
      providers: [
        { provide: ChatOptions, useValue: options },
        AnswerBudget,
        AnswerComposer,
        AnswerRunner,
        AnswerStore,
        AnswerSweeper,
        ChatEvents,
        ChatGateway,
        ArrivingSockets,
        ConnectionSlots,
        Consent,
        ConversationTurns,
        ConversationsService,
        EventAnswers,
        EventDispatcher,
        Handshake,
        InboxAccess,
        InboxDispatcher,
        InboxEvents,
        InboxGateway,
        InboxHandshake,
        InboxRooms,
        InboxSessions,
        MessageLimits,
        MessageSender,
        MessageStreams,
        QuestionStore,
        RunningAnswers,
        SealedMessages,
        SocketSessions,
        VisitorConversation,
        VisitorHttp,
        VisitorRooms,
        VisitorStreams,
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(VisitorRequestMiddleware).forRoutes(VisitorMessagesController);
  }
}
