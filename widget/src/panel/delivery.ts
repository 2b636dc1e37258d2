import type { Ack, ChatProblem, MessageSent } from '@app/chat-protocol';
import { backoffMs } from './backoff';
import type { Outbox, OutboxItem } from './outbox';

/** What delivery needs from its surroundings. */
export interface DeliveryPort {
  isOnline(): boolean;
  /** Rejects when no answer came: the message may or may not have arrived. */
  send(item: OutboxItem): Promise<Ack<MessageSent>>;
  /** The connection is of no use any more: make a new one. */
  reconnect(): void;
  /** The token was refused: ask for another and call `pump` when it is there. */
  renew(): void;
  sent(item: OutboxItem, sent: MessageSent): void;
  /** The server will never take this message. */
  refused(item: OutboxItem, problem: ChatProblem): void;
  /** The server wants a pause. */
  paused(problem: ChatProblem, seconds: number): void;
}

/** A limit without a time: as long as its shortest window. */
const DEFAULT_PAUSE_SECONDS = 10;
/** A message the server fails on (5xx) is given back to the visitor after this many attempts. */
const MAX_SERVER_FAILURES = 4;

/**
 * Sends the outbox, oldest first and one at a time. A message stays in the outbox until the server has acknowledged or
 * refused it; a retry has the same id, so the server stores it once.
 */
export class Delivery {
  private isSending = false;
  private failures = 0;
  private pausedFor: string | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly outbox: Outbox,
    private readonly port: DeliveryPort,
    private readonly random: () => number = Math.random,
  ) {}

  /** Sends what is waiting, unless a message is on its way or the server wants a pause. */
  pump(): void {
    const item = this.outbox.first;
    if (item && !this.isSending && !this.pause && this.port.isOnline()) void this.deliver(item);
  }

  /** Ends a pause early that was made for this reason: what was waited for has happened. */
  resumeAfter(code: string): void {
    if (this.pausedFor === code) this.resume();
  }

  private resume(): void {
    this.stop();
    this.pump();
  }

  stop(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.pausedFor = undefined;
  }

  private async deliver(item: OutboxItem): Promise<void> {
    this.isSending = true;
    try {
      const ack = await this.port.send(item);
      this.isSending = false;
      this.settle(item, ack);
    } catch {
      // No answer in time. The next connection sends it again.
      this.isSending = false;
      this.port.reconnect();
    }
  }

  private settle(item: OutboxItem, ack: Ack<MessageSent>): void {
    if (ack.ok) {
      this.failures = 0;
      this.outbox.remove(item);
      this.port.sent(item, ack.data);
      return this.pump();
    }
    const { problem } = ack;
    if (problem.status === 401) return this.port.renew();
    const isBusy = problem.status === 429 || problem.code === 'conversation.busy';
    if (isBusy) return this.wait(problem, problem.retryAfterSeconds ?? DEFAULT_PAUSE_SECONDS);
    if (problem.status >= 500 && ++this.failures < MAX_SERVER_FAILURES)
      return this.waitMs(backoffMs(this.failures, this.random()));
    this.failures = 0;
    this.outbox.remove(item);
    this.port.refused(item, problem);
    this.pump();
  }

  private wait(problem: ChatProblem, seconds: number): void {
    this.port.paused(problem, seconds);
    this.waitMs(seconds * 1000);
    this.pausedFor = problem.code;
  }

  private waitMs(ms: number): void {
    this.stop();
    this.pause = setTimeout(() => this.resume(), ms);
  }
}
