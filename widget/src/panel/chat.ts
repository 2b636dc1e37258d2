import type { ChatProblem, EmbedSession, MessageSent, ServerEvents } from '@app/chat-protocol';
import type { Panel, Shell } from '../shell-contract';
import { type Applied, Conversation } from './conversation';
import { Delivery } from './delivery';
import { entriesOf } from './entry';
import { Line, type LineState } from './line';
import type { Texts } from './locales/texts';
import { newId } from './new-id';
import { Outbox, type OutboxItem } from './outbox';
import { personIn, visitorStore } from './visitor-store';
import { PanelView } from './view/panel-view';

type Handlers = { [E in keyof ServerEvents]?: (payload: ServerEvents[E]) => void };

/** Pieces of an answer come faster than anyone reads: painting them together saves two thirds of the work. */
const MIN_PAINT_GAP_MS = 50;
/** Nobody asks for what is missing more often than this. */
const MIN_SYNC_GAP_MS = 1000;

/** One visitor's chat: brings the line to the server, the outbox, the conversation and the view together. */
export class Chat implements Panel {
  private readonly conversation = new Conversation();
  /** Messages the server refused for good; shown until the page goes. */
  private refused: OutboxItem[] = [];
  /** Stored questions of this page that have no answer yet. */
  private readonly awaited = new Set<string>();
  private readonly view: PanelView;
  private readonly outbox: Outbox;
  private readonly line: Line;
  private readonly delivery: Delivery;
  private readonly handlers: Handlers;
  /** Whom the site has named, if it did. */
  private readonly person: string | undefined;
  private conversationId: string | undefined;
  /** Nothing is sent before the visitor has accepted the disclosure, where the embed asks for it. */
  private isAsking = false;
  private disclosureVersion = 0;
  private isSyncing = false;
  private syncedAt = 0;
  private syncTimer: ReturnType<typeof setTimeout> | undefined;
  private isPaintDue = false;
  private paintedAt = 0;
  private isGone = false;
  private unread = 0;

  constructor(
    private readonly shell: Shell,
    texts: Texts,
  ) {
    this.person = personIn(shell.settings);
    const store = visitorStore(shell.settings);
    this.outbox = new Outbox(store, Date.now, newId);
    this.view = new PanelView(shell, texts, {
      ask: (question) => this.send(question),
      retry: (key, question) => this.retry(key, question),
      stop: () => void this.stopAnswers(),
      accept: () => (this.view.clearNotice(), this.line.accept(this.disclosureVersion)),
    });
    this.handlers = this.serverEvents();
    this.line = new Line(shell.settings, store, {
      opened: (session) => this.sessionOpened(session),
      changed: (state) => this.lineChanged(state),
      unavailable: (code) => this.unavailable(code),
      paused: (problem, seconds) => this.view.pause(problem, seconds),
      received: (event, payload) => this.handlers[event]?.(payload),
    });
    this.delivery = new Delivery(this.outbox, {
      isOnline: () => this.line.isOnline && !this.isAsking,
      send: ({ clientMessageId, text }) => this.line.ask('message-send', { clientMessageId, text }),
      reconnect: () => this.line.reconnect(),
      renew: () => this.line.renew(),
      sent: (item, sent) => this.messageSent(item, sent),
      refused: (item, problem) => this.messageRefused(item, problem),
      paused: (problem, seconds) => this.view.pause(problem, seconds),
    });
    this.paint();
  }

  opened(): void {
    this.unread = 0;
    this.view.opened();
    this.line.open();
  }

  closed(): void {
    // Where nothing was said, nothing can come: the server need not keep a socket.
    if (!this.conversation.messages.length && !this.outbox.first) this.line.close();
  }

  send(text: string): void {
    this.outbox.add(text);
    this.line.keepSession();
    this.view.sent();
    this.paint();
    this.delivery.pump();
  }

  destroy(): void {
    this.isGone = true;
    clearTimeout(this.syncTimer);
    if (this.person !== undefined && personIn(this.shell.settings) !== this.person) {
      this.line.forgetSession();
      this.outbox.clear();
    }
    this.line.destroy();
    this.delivery.stop();
    this.view.destroy();
  }

  private retry(key: string, question: string): void {
    this.refused = this.refused.filter(({ clientMessageId }) => clientMessageId !== key);
    this.send(question);
  }

  private async stopAnswers(): Promise<void> {
    const asked = this.conversation.activeAnswers.map(({ answerId }) => this.line.ask('answer-stop', { answerId }));
    // Unheard, the answer goes on and can be stopped again.
    await Promise.allSettled(asked);
  }

  private sessionOpened({ config, conversation, hasConsent }: EmbedSession): void {
    this.isAsking = config.requiresConsent && !hasConsent;
    this.disclosureVersion = config.disclosureVersion;
    this.view.configure(config, this.isAsking);
    // Another visitor than before: the old resume token had ended.
    if (this.conversationId && conversation?.id !== this.conversationId) this.conversation.clear();
    this.conversationId = conversation?.id;
    if (conversation) this.conversation.expect(conversation.lastSeq);
    if (this.outbox.first) this.line.keepSession();
    this.paint();
    this.delivery.pump();
  }

  private lineChanged(state: LineState): void {
    this.view.setStatus(state);
    if (state !== 'online') return;
    if (this.conversationId) void this.sync();
    this.delivery.pump();
  }

  /** What the site can mend is told to it by its own name. */
  private unavailable(code = ''): void {
    this.shell.emit('error', { code: code.startsWith('visitor.identity-') ? code : 'session.unavailable' });
  }

  private serverEvents(): Handlers {
    const now = (): string => new Date().toISOString();
    return {
      'answer-start': (start) => {
        this.awaited.delete(start.inReplyTo);
        this.view.announceAnswering();
        this.applied(this.conversation.startAnswer(start));
      },
      'answer-delta': (delta) => this.applied(this.conversation.addDelta(delta)),
      'answer-end': (end) => {
        this.awaited.delete(end.inReplyTo);
        this.applied(this.conversation.endAnswer(end, now()));
        this.view.suggest(end.suggestions);
        this.arrived({ author: 'assistant', text: end.text, outcome: end.outcome });
        this.delivery.resumeAfter('conversation.busy');
      },
      'answer-error': (error) => {
        this.awaited.delete(error.inReplyTo);
        this.applied(this.conversation.failAnswer(error, now()));
        this.arrived({ author: 'assistant', text: '', outcome: 'failed' });
        this.shell.emit('error', { code: error.problem.code });
      },
      'message-added': ({ message }) => {
        this.applied(this.conversation.add(message));
        if (message.author === 'visitor') return;
        this.awaited.clear();
        this.arrived(message);
      },
      // What others use up is not the visitor's to count.
      'limit-warning': ({ axis, remaining }) => axis === 'visitor' && this.view.remaining(remaining),
    };
  }

  private applied(result: Applied): void {
    if (result === 'gap') this.syncSoon();
    this.paint();
  }

  /** Something came for the visitor, complete: say it, and count it when nobody is looking. */
  private arrived({ author, text, outcome }: Parameters<PanelView['announceMessage']>[0]): void {
    this.shell.emit('message', { author, text, outcome });
    this.view.announceMessage({ author, text, outcome });
    if (this.shell.isOpen()) return;
    this.view.setUnread(++this.unread);
    this.shell.emit('unread', { count: this.unread });
  }

  private messageSent(item: OutboxItem, sent: MessageSent): void {
    this.conversationId = sent.conversationId;
    this.awaited.add(sent.messageId);
    this.view.clearNotice();
    this.applied(this.conversation.addSent(item, sent, new Date().toISOString()));
    this.shell.emit('message', { author: 'visitor', text: item.text });
  }

  private messageRefused(item: OutboxItem, problem: ChatProblem): void {
    this.refused.push(item);
    if (problem.code === 'message.too-long') this.view.tooLong();
    if (problem.code === 'visitor.consent-required') this.consentMissing();
    this.shell.emit('error', { code: problem.code });
    this.paint();
  }

  /** The disclosure says something else than the one that was accepted: the next session brings it. */
  private consentMissing(): void {
    this.view.acceptFirst();
    this.line.renew();
  }

  /** A gap shows with every piece that comes, and one look is enough. */
  private syncSoon(): void {
    this.syncTimer ??= setTimeout(
      () => {
        this.syncTimer = undefined;
        void this.sync();
      },
      Math.max(0, this.syncedAt + MIN_SYNC_GAP_MS - Date.now()),
    );
  }

  /** Reads what is missing, and how far an answer in progress has come. */
  private async sync(): Promise<void> {
    if (this.isSyncing || !this.line.isOnline) return;
    this.isSyncing = true;
    this.syncedAt = Date.now();
    try {
      for (let hasMore = true; hasMore;) {
        const ack = await this.line.ask('conversation-sync', { afterSeq: this.conversation.contiguousSeq });
        if (!ack.ok) {
          if (ack.problem.status === 401) this.line.renew();
          break;
        }
        this.conversation.merge(ack.data);
        hasMore = ack.data.hasMore === true;
      }
      for (const { inReplyTo } of this.conversation.messages) if (inReplyTo) this.awaited.delete(inReplyTo);
    } catch {
      this.line.reconnect();
    } finally {
      this.isSyncing = false;
      this.paint();
    }
  }

  /** Shows what is known: at once, but not more often than the eye needs. A hidden page has timers, but no frames. */
  private paint(): void {
    if (this.isPaintDue) return;
    this.isPaintDue = true;
    setTimeout(
      () => {
        this.isPaintDue = false;
        this.paintedAt = Date.now();
        if (!this.isGone) this.show();
      },
      this.paintedAt + MIN_PAINT_GAP_MS - Date.now(),
    );
  }

  private show(): void {
    const { messages, activeAnswers } = this.conversation;
    const entries = entriesOf({ messages, activeAnswers, refused: this.refused, pending: this.outbox.all });
    const isThinking = this.awaited.size > 0 || activeAnswers.some(({ text }) => !text);
    this.view.show(entries, { isThinking, isAnswering: activeAnswers.length > 0 });
  }
}
